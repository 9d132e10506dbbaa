"""Who is let in, by what name, and what a browser may do with what it gets."""

import pytest

from headrace.ui.security import Door
from tests.ui.conftest import Served


def test_a_stranger_is_told_where_the_token_is(served: Served) -> None:
    for path in ("/", "/api/meta", "/static/index.html", "/nowhere"):
        heard = served.ask(path, trusted=False)
        assert heard.status == 401
        assert "headrace ui" in heard.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer guess"},
        {"Authorization": "Basic x"},
        {"Cookie": "headrace_1=guess"},
        {"Cookie": ";;="},
    ],
    ids=str,
)
def test_a_wrong_token_is_refused(served: Served, headers: dict[str, str]) -> None:
    assert served.ask("/api/meta", trusted=False, **headers).status == 401


def test_a_wrong_token_in_the_address_is_refused_even_beside_a_right_one(served: Served) -> None:
    assert served.ask("/?token=guess", trusted=False).status == 401
    assert served.ask("/?token=guess").status == 401


def test_the_address_that_was_printed_gives_a_cookie_and_leaves_the_token_out(served: Served) -> None:
    heard = served.ask(f"/lineage?focus=a%2Fb&token={served.token}&up=2", trusted=False)
    assert (heard.status, heard.headers["location"]) == (303, "/lineage?focus=a%2Fb&up=2")
    cookie = heard.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert served.ask("/api/meta", trusted=False, Cookie=cookie.partition(";")[0]).status == 200


def test_a_redirect_never_leaves_the_server(served: Served) -> None:
    heard = served.ask(f"//evil.example/?token={served.token}", trusted=False)
    assert heard.headers["location"] == "/evil.example/"


@pytest.mark.parametrize("name", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::2]"])
def test_another_name_for_this_server_is_refused(served: Served, name: str) -> None:
    assert served.ask("/api/meta", Host=name).status == 421


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8"])
def test_its_own_names_are_taken(served: Served, name: str) -> None:
    assert served.ask("/api/meta", Host=name).status == 200


def test_a_server_of_all_addresses_is_known_by_numbers_only() -> None:
    door = Door("token", "0.0.0.0", 1)
    assert door.knows("10.0.0.7:8265")
    assert not door.knows("evil.example")


def test_everything_carries_the_policy(served: Served) -> None:
    for heard in (served.ask("/"), served.ask("/api/meta"), served.ask("/", trusted=False), served.ask("/api/no")):
        assert "script-src 'self'" in heard.headers["content-security-policy"]
        assert "unsafe" not in heard.headers["content-security-policy"]
        assert heard.headers["x-content-type-options"] == "nosniff"
        assert heard.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_get_is_taken(served: Served, method: str) -> None:
    assert served.ask("/api/runs", method=method).status == 405


def test_an_address_that_no_page_has_is_said_by_the_page(served: Served) -> None:
    heard = served.ask("/zz")
    assert (heard.status, heard.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert heard.text.startswith("<!doctype html>")
    assert served.ask("/api/zz").json["error"]["found"] == "GET /api/zz"
    assert served.ask("/zz", method="POST").status == 404
    assert served.ask("/zz", trusted=False).status == 401
