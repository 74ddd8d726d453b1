"""The pages. How one is built, so that the next one looks and works like the last.

**A page** is a function on a router made by ``rendering.pages()`` that reads through a use case and
returns ``rendering.page(request, asking, "orders.html", ...)``; its template extends ``base.html``
and fills ``title``, ``content`` and, where it has scripts, ``scripts``. A refusal
(``EarmarkError``) needs no handling: the router answers a person with a page, a script with
problem details.

**A dialog** is the same with ``rendering.dialog(...)`` and a template that holds one ``<dialog>``:
a script gets it alone and shows it, a person who follows the link gets it as a page.

**Words and figures** come from ``macros.html`` (``{% import "macros.html" as m %}``): ``figure``
for a quantity, ``bar`` and ``legend`` for who holds what, ``state`` for None, Partial, Full,
``button``, ``menu``, ``field``, ``fault``. Filters: ``quantity``, ``iso``, ``short``,
``clock``. Numbers of items, lots, serials, packages and documents carry ``class="no"``: slashed
noughts. Figures are computed by the core; a page only writes them. A bar's view model is
:class:`earmark.web.bars.Bar`; a table gives all its bars one ``scale``.

**A table** is ``<table class="ledger">``. With ``role="grid"`` the arrows move in it, ``/``
filters it, heads with a button sort it; rows carry ``data-key``, what stays the same row
when it changes. A cell with ``data-edit="quantity"`` is edited in place and sent to the row's
``data-href``.

**Live**: what stands in an element with an ``id`` and ``data-live`` is read again when somebody
changes something; rows are matched by ``data-key`` and changed cells are marked. Nothing to do for
it in a page.

**Keys** are said in the markup. ``data-place="Lines"`` names a place; ``data-hints`` are keys that
the grid itself has; ``data-cap="T"`` on a button or link lets that key press it while its place has
the focus (``data-place-of="id"`` where it stands elsewhere), and ``data-hint="why"`` puts it on the
key bar. Letters act only while a grid or a dialog has the focus and nothing is being typed. In an
address ``{row}`` stands for the ``data-href`` of the chosen row.

**Doing**: ``<form data-send method="post">`` is sent by script with the CSRF token; a refusal is
shown beside the field it names, else at the form's head. The answer says what next, see
:func:`earmark.web.rendering.done`.

**No inline script or style, anywhere**: the pages run under ``default-src 'self'``. Widths of bars
are attributes of SVG; scripts set styles through the CSSOM.
"""
