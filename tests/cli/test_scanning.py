"""`earmark scan` and the GTINs of items."""

from tests.cli.conftest import Shell


def test_a_code_is_read_with_all_its_identifiers(company: Shell) -> None:
    company("item gtin Y 5712345000427")
    said = company('scan "(01)05712345000427(10)L1(7999)odd" --line SO2/1').out
    assert "BATCH/LOT" in said
    assert "it is not known" in said
    assert "Fits yes" in said
    reading = company("scan 5712345000427 --json").json["readings"][0]
    assert (reading["item_no"], reading["form"]) == ("Y", "GTIN")


def test_a_doubtful_code_says_so_and_nothing_is_read_from_nothing(company: Shell) -> None:
    assert "several ways" in company("scan N100 --line SO1/1").out
    assert "nothing to read" in company('scan " "').out


def test_gtins_are_listed_and_forgotten(company: Shell) -> None:
    company("item gtin Y 15712345000424 --unit BOX")
    assert "15712345000424" in company("item gtins").out
    company("item forget-gtin 15712345000424")
    assert "None." in company("item gtins").out
