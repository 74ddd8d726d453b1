"""Private addresses are private, also in the clothing of IPv6."""

import pytest

from earmark.core.webhooks import is_public


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "224.0.0.1",
        "::1", "::", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "2002:0a00:0001::1", "2002:7f00:0001::", "fc00::1", "fd12::1", "fe80::1%eth0", "fec0::1",
        "2001:0:0a00:1::f5ff:fffe", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_of_this_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:0808:0808::1"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)
