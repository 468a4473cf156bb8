"""Where large objects lie: built indexes, archives, files of dialogs, checkpoints of the audit log."""

from pathlib import Path

from pydantic import SecretStr

from settings.group import ROOT, Group, env


class StorageSettings(Group):
    """A folder, or a bucket where S3_BUCKET names one."""

    folder: Path = env("STORAGE_DIR", default=ROOT / "data" / "objects")
    bucket: str = env("S3_BUCKET", default="")
    prefix: str = env("S3_PREFIX", default="")
    endpoint: str = env("S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", default="")
    region: str = env("S3_REGION", "AWS_REGION", default="")
    access_key: SecretStr = env("S3_ACCESS_KEY", "AWS_ACCESS_KEY_ID", default=SecretStr(""))
    secret_key: SecretStr = env("S3_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", default=SecretStr(""))
