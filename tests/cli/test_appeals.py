"""`earmark ask`, `give`, `keep`, `withdraw`, `appeals`."""

from tests.cli.conftest import Shell


def test_units_are_asked_for_and_given(company: Shell) -> None:
    assert "Nobody asks anybody" in company("appeals").out
    company("order new sales SO3 --line item=Y,quantity=20,location=EAST")
    company("reserve SO3/1 --by Ana")
    asked = company("ask SO2/1 --of SO3/1 --lot L2 --quantity 5 --note Urgent --by Ben")
    assert "Ana is asked for 5 of Lot L2 of SO3/1." in asked.out
    (appeal,) = company("appeals --of Ana --json").json
    said = company("appeals").out
    assert "Urgent" in said
    assert f"earmark give {appeal['appeal']} --preview" in said
    assert "nothing saved" in company(f"give {appeal['appeal']} --preview").out
    given = company(f"give {appeal['appeal']} --by Ana")
    assert "given to SO2/1" in given.out
    assert "given by Ana" in company("appeals --by Ben").out


def test_units_are_kept_for_a_reason_or_the_question_is_withdrawn(company: Shell) -> None:
    company("order new sales SO3 --line item=Y,quantity=20,location=EAST")
    company("reserve SO3/1 --by Ana")
    company("ask SO2/1 --of SO3/1 --by Ben")
    (appeal,) = company("appeals --json").json
    refused = company(f"keep {appeal['appeal']} --by Ana")
    assert refused.code == 4
    assert "Tell Ben why" in refused.err
    company(f"keep {appeal['appeal']} --by Ana --reason Sold")
    assert "kept by Ana: Sold" in company("appeals --line SO2/1").out
    company("ask SO2/1 --of SO3/1 --by Ben")
    waiting = company("appeals --json").json[0]["appeal"]
    assert company(f"withdraw {waiting} --by Ben").code == 0
    assert company("give 17").code == 3


def test_of_what_is_needed_less_by_now_the_list_says_so(company: Shell) -> None:
    company("order new sales SO3 --line item=Y,quantity=20,location=EAST")
    company("reserve SO3/1 --by Ana")
    company("ask SO2/1 --of SO3/1 --by Ben")
    company("order edit SO2/1 --quantity 3")
    assert "3 of it can be given" in company("appeals").out
