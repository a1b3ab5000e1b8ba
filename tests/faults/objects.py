"""What must hold of the objects of the values bucket: a row never refers to one that is not there.

An object without a row is fine: it was put before a transaction that did not come to be, and a repetition puts it again.
"""

import hashlib

from tests.support.aws import BUCKET, Account


def objects(account: Account) -> set[str]:
    """The keys of all objects."""
    return {told["Key"] for told in account.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def forget_objects(account: Account, kept: set[str]) -> None:
    """Remove all but `kept`: an object that an earlier point left would stand in for one that this point lost."""
    for key in objects(account) - kept:
        account.client("s3").delete_object(Bucket=BUCKET, Key=key)


def check_objects(account: Account) -> None:
    """Each row's reference leads to an object of its own tenant with exactly that content."""
    for table in ("configs", "secrets"):
        for row in account.rows(table):
            if "reference" in row:
                tenant, reference = row["pk"]["S"].split("#")[1], row["reference"]["S"]
                assert f"{tenant}/{reference}" in objects(account), f"a row of {table} refers to an object that is gone"
                answer = account.client("s3").get_object(Bucket=BUCKET, Key=f"{tenant}/{reference}")
                assert hashlib.sha256(answer["Body"].read()).hexdigest() == reference
