"""Who says from where a call comes: a proxy that the operator named, and nobody else."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from stook.errors import SettingsError
from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Limits
from stook.settings import load_settings
from tests.dialects.served import opened, serve

OFFICE = "203.0.113.7"


@pytest.fixture(scope="module")
def office_token(data_dir: Path, token: str) -> str:
    with opened(data_dir) as database:
        limits = Limits(addresses=(f"{OFFICE}/32",))
        return database.write_now(indexing_tokens.create, "office", limits).secret


def let_in(url: str, token: str, *headers: tuple[str, str]) -> bool:
    given = [("Authorization", f"Bearer {token}"), *headers]
    path = "/api/index/v1/getdatasourceconfig"
    answer = httpx.post(f"{url}{path}", json={"datasource": "none"}, headers=given)
    assert answer.status_code in (400, 403), answer.text
    return answer.status_code == 400  # there is no such datasource


def test_nobody_is_believed_by_default(data_dir: Path, office_token: str) -> None:
    with serve(data_dir, FORWARDED_ALLOW_IPS="*") as served:
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "Client-IP"):
            value = f"for={OFFICE}" if header == "Forwarded" else OFFICE
            assert not let_in(served.url, office_token, (header, value))
        assert not let_in(served.url, office_token)


def test_a_named_proxy_is_believed_in_what_it_adds(data_dir: Path, office_token: str) -> None:
    with serve(data_dir, STOOK_TRUSTED_PROXIES="127.0.0.0/8, 10.0.0.1") as served:

        def from_(*forwarded: str) -> bool:
            headers = [("X-Forwarded-For", value) for value in forwarded]
            return let_in(served.url, office_token, *headers)

        assert from_(OFFICE)
        assert from_(f"198.51.100.9, {OFFICE}")  # what was there before proves nothing
        assert not from_(f"{OFFICE}, 198.51.100.9")
        assert not from_(OFFICE, "198.51.100.9")
        assert from_(f"{OFFICE}, 10.0.0.1")  # one proxy behind another
        for nonsense in ("", "unknown", f"{OFFICE}/32", "x" * 3000, f"::ffff:{OFFICE}, x"):
            assert not from_(nonsense)


@pytest.mark.parametrize("wrong", ["*", "proxy.example.com", "10.0.0.1/8", "10.0.0.0/33"])
def test_proxies_are_addresses(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOOK_TRUSTED_PROXIES", wrong)
    with pytest.raises(SettingsError, match="STOOK_TRUSTED_PROXIES"):
        load_settings()
