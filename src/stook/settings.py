"""Settings: environment variables ``STOOK_*``, else ``stook.toml``, else the defaults here."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from stook.errors import SettingsError
from stook.rates import parse_rates

PREFIX = "STOOK_"
CONFIG_FILE = Path("stook.toml")
DATABASES = ("sqlite:///", "postgresql://")
MODEL_PROVIDERS = ("openai", "anthropic", "google", "bedrock", "ollama", "local")
MODEL = re.compile(rf"extractive|(?:{'|'.join(MODEL_PROVIDERS)}):\S.*")
ORIGIN = re.compile(r"https?://[^\s/?#@]+")
# Variables of the SDK (stook.client.options), which may stand in a server's environment too.
NOT_SETTINGS = frozenset({"STOOK_TOKEN", "STOOK_URL"})


class Settings(BaseSettings):
    """Everything an operator can set; each field is ``STOOK_`` and its name in upper case."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=CONFIG_FILE, extra="forbid", frozen=True
    )

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("stook", appauthor=False)),
        description="Where the database, the index and uploaded files live.",
    )
    database_url: str = Field(
        "", description="sqlite:///PATH or postgresql://…; default: SQLite in the data directory."
    )
    index_uri: str = Field(
        "",
        description="Directory or object-store URI of the search index.",
    )
    index_cache_mib: int = Field(
        128, ge=16, description="How much of the search index is kept in memory."
    )
    blob_uri: str = Field(
        "",
        description="Directory of uploaded files; default: one in the data directory.",
    )
    model: str = Field(
        "extractive",
        description="What writes answers: `extractive`, or language models; see docs/models.md.",
    )
    model_base_url: str = Field(
        "", description="Address of a server that speaks as the first model's provider does."
    )
    model_api_key: SecretStr | None = Field(
        None, description="Key for the provider of the first model."
    )
    model_timeout_seconds: float = Field(
        60, gt=0, description="How long a model may take to begin; ten times that for all of it."
    )
    model_retries: int = Field(2, ge=0, description="How often a failed request is tried again.")
    model_max_tokens: int = Field(1000, gt=0, description="How much a model may write.")
    model_context_characters: int = Field(
        12_000, gt=0, description="How much text of passages a model is given."
    )
    model_threads: int = Field(0, ge=0, description="CPU threads of a local model; 0: all cores.")
    unsupported_statements: str = Field(
        "remove",
        pattern="^(remove|flag)$",
        description="What a model says and no passage supports is removed, or flagged.",
    )
    embedding_model: Path | None = Field(
        None,
        description="A directory with model.onnx and tokenizer.json to use instead.",
    )
    multilingual: str = Field(
        "auto",
        pattern="^(auto|off)$",
        description="auto: a second encoder, for 16 languages, where `stook[multilingual]` is.",
    )
    embedding_threads: int = Field(0, ge=0, description="CPU threads for embedding; 0: all cores.")
    retrieval: str = Field(
        "full",
        pattern="^(full|quick)$",
        description="full, or quick: without late interaction, for less CPU a question.",
    )
    parse_timeout_seconds: float = Field(
        60,
        gt=0,
        description="Processor time that reading one file may take; by the clock ten times that.",
    )
    parse_memory_mib: int = Field(
        2048, ge=256, description="How much memory reading one file may take."
    )
    ocr_languages: str = Field(
        "eng",
        pattern=r"^(?:[A-Za-z0-9_]{1,32}(?:\+[A-Za-z0-9_]{1,32}){0,9})?$",
        description="Of pictures and scans, as Tesseract names them: eng+deu; empty: not read.",
    )
    max_file_mib: int = Field(64, gt=0, description="Larger files are not read.")
    max_request_mib: int = Field(16, gt=0, description="Larger request bodies are refused.")
    max_header_kib: int = Field(
        32, ge=1, description="Requests whose address and headers are larger are refused."
    )
    max_headers: int = Field(100, ge=1, description="Requests with more headers are refused.")
    max_connections: int = Field(
        500,
        ge=1,
        description="How many connections a server process keeps; see docs/security.md.",
    )
    header_timeout_seconds: float = Field(
        20, gt=0, description="How long the headers of a request may take to come."
    )
    body_timeout_seconds: float = Field(
        30, gt=0, description="How long its body may take; a second more for each KiB that came."
    )
    idle_timeout_seconds: float = Field(
        75, gt=0, description="How long a connection is kept for its next request."
    )
    unread_timeout_seconds: float = Field(
        60, gt=0, description="How long a client may leave its answer unread."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks, by comma, of proxies that tell who their client is.",
    )
    public_url: str = Field(
        "", description="Where people find the server (https://HOST); needed for OpenID Connect."
    )
    passwords: bool = Field(
        True, description="Whether people may set passwords; else they sign in by other ways."
    )
    oidc_issuer: str = Field(
        "", description="OpenID Connect: the provider's issuer (https://…); see docs/sign-in.md."
    )
    oidc_client_id: str = Field("", description="OpenID Connect: how the provider calls Stook.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="OpenID Connect: the client's secret; none for a public client."
    )
    oidc_scopes: str = Field(
        "openid email profile", description="OpenID Connect: what the provider is asked for."
    )
    oidc_groups_claim: str = Field(
        "groups", description="OpenID Connect: the claim with a person's groups; empty: none."
    )
    oidc_name: str = Field("", description="OpenID Connect: what the page calls the provider.")
    oidc_unverified_email: bool = Field(
        False,
        description="OpenID Connect: believe addresses that the provider does not call verified.",
    )
    sign_in_domains: str = Field(
        "",
        description="Domains, by comma, of people let in at their first sign-in; none: the known.",
    )
    proxy_user_header: str = Field(
        "",
        pattern="^[A-Za-z0-9-]{0,100}$",
        description="The header in which a trusted proxy names who is signed in; empty: none.",
    )
    chat_files_per_upload: int = Field(
        5, gt=0, description="How many files one upload may bring into a chat."
    )
    chat_files_per_person: int = Field(
        500, gt=0, description="How many files for chats one person may keep."
    )
    chat_files_mib: int = Field(64, gt=0, description="How large one upload of files may be.")
    chat_file_min_bytes: int = Field(1, ge=0, description="Smaller files for chats are not read.")
    chat_file_max_characters: int = Field(
        500_000, gt=0, description="How much text of a file for a chat is read."
    )
    chats_in_flight: str = Field(
        "wait",
        pattern="^(wait|queue)$",
        description="A second question in a busy Glean chat: wait, or answer 202 and queue it.",
    )
    rate_limits: str = Field(
        "", description="How often each token may call, or `off`; see docs/rate-limits.md."
    )
    deep_searches: int = Field(
        12, ge=1, description="How often a deep question (agent ADVANCED) may search."
    )
    deep_seconds: float = Field(
        10, ge=0, description="How long a deep question may go on searching and reading."
    )
    stream_keep_seconds: float = Field(
        600, ge=0, description="How long a finished stream can still be resumed."
    )
    stream_lease_seconds: float = Field(
        15, ge=1, description="When a server that gives no sign of life counts as gone."
    )
    max_question_characters: int = Field(20_000, gt=0, description="Longer questions are refused.")
    question_text_days: int = Field(
        30,
        ge=0,
        le=365,
        description="How long administrators can read what was asked, not by whom; 0: never.",
    )
    glean_message_order: str = Field(
        "auto",
        pattern="^(auto|newest_first|oldest_first)$",
        description="Order of messages in Glean's chat requests; auto: found out from each.",
    )
    allowed_origins: str = Field(
        "",
        description="Origins (https://HOST, with commas) whose pages may call from a browser.",
    )
    widget_origins: str = Field(
        "",
        description="Origins (https://HOST, with commas) whose pages may show the widget.",
    )
    widget_datasources: str = Field(
        "",
        description="Datasources whose documents for everyone the widget answers strangers from.",
    )
    vanished_percent: float = Field(
        50,
        ge=0,
        le=100,
        description="Where more of a directory's documents vanish, `stook index` keeps them.",
    )
    fetch_private_addresses: bool = Field(
        False,
        description="Whether `stook index URL` may fetch private and loopback addresses.",
    )
    fetch_timeout_seconds: float = Field(
        20, gt=0, description="How long fetching one page may take."
    )
    crawl_max_pages: int = Field(1000, gt=0, description="Where a crawl of one site stops.")
    oauth_token_seconds: int = Field(
        3600, gt=0, description="How long an OAuth access token lives."
    )
    shutdown_grace_seconds: float = Field(
        30, ge=0, description="How long running answers may take to finish when the server stops."
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="debug also logs the text of questions.",
    )
    log_format: str = Field(
        "auto",
        pattern="^(auto|json|console)$",
        description="auto: console on a terminal, else JSON.",
    )

    @field_validator("model")
    @classmethod
    def _names_models(cls, value: str) -> str:
        wrong = [entry.strip() for entry in value.split(",") if not MODEL.fullmatch(entry.strip())]
        if wrong:
            known = ", ".join(f"{provider}:NAME" for provider in MODEL_PROVIDERS)
            raise ValueError(f"{wrong[0]!r} is none of extractive, {known}")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, url: str) -> str:
        if url and not url.startswith(DATABASES):
            raise ValueError("it must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("widget_origins")
    @classmethod
    def _are_named_origins(cls, text: str) -> str:
        if "*" in _entries(text):
            raise ValueError("name the origins; a widget for all pages there are is none")
        return cls._are_origins(text)

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _is_safe_address(cls, url: str) -> str:
        """What travels to and from there lets people in: in the clear on this machine only."""
        host = urlsplit(url).hostname or ""
        local = url.startswith("http://") and host in ("127.0.0.1", "localhost", "::1")
        if url and not local and not (url.startswith("https://") and host):
            raise ValueError("it must begin with https://")
        return url

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, text: str) -> str:
        for origin in _entries(text):
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; give https://HOST or https://HOST:PORT")
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for entry in filter(None, map(str.strip, text.split(","))):
            ipaddress.ip_network(entry)  # raises ValueError
        return text

    @field_validator("rate_limits")
    @classmethod
    def _are_rates(cls, text: str) -> str:
        parse_rates(text)
        return text

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may call."""
        return _entries(self.allowed_origins)

    @property
    def origins_of_widget(self) -> list[str]:
        """The origins whose pages may show the widget."""
        return _entries(self.widget_origins)

    @property
    def datasources_of_widget(self) -> list[str]:
        """The datasources that strangers are answered from."""
        return _entries(self.widget_datasources)

    @property
    def proxies(self) -> list[str]:
        """The proxies that are trusted, one by one."""
        return [entry.strip() for entry in self.trusted_proxies.split(",") if entry.strip()]

    @property
    def domains(self) -> frozenset[str]:
        """The domains whose people are let in at their first sign-in."""
        return frozenset(domain.lower() for domain in _entries(self.sign_in_domains))

    @property
    def sql_url(self) -> str:
        """The database URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'stook.db'}"

    @property
    def index_location(self) -> str:
        """The index URI, with the default filled in."""
        return self.index_uri or str(self.data_dir.absolute() / "index")

    @property
    def blob_location(self) -> str:
        """The blob URI, with the default filled in."""
        return self.blob_uri or str(self.data_dir.absolute() / "files")


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; raises SettingsError with one line that says what to mend."""
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from error
    except ValueError as error:  # not TOML
        raise SettingsError(f"{CONFIG_FILE} cannot be read: {error}") from error


def _refuse_unknown_variables() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {name for name in os.environ if name.startswith(PREFIX)}
    unknown = sorted(given - known - NOT_SETTINGS)
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]}; known are {', '.join(sorted(known))}.")


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
    what = first["msg"].removeprefix("Value error, ")
    return f"{name} (or its line in {CONFIG_FILE}) is wrong: {what}."
