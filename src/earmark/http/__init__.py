"""What the API and the pages share: who asks, what he may do, and how it is served.

Neither face knows the other; what both need of HTTP, and no rule of the trade, stands here.
"""
