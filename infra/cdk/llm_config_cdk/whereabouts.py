"""In which network a function stands, if in any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from llm_config_cdk.stacks.network_and_data import INSIDE, OUTWARD, NetworkAndDataStack
from llm_config_cdk.stages import TargetNetwork


@dataclass(frozen=True, slots=True)
class Whereabouts:
    vpc: ec2.IVpc
    groups: Sequence[ec2.ISecurityGroup]
    subnets: ec2.SubnetSelection

    def as_properties(self) -> dict[str, Any]:
        """As a function says it."""
        return {"vpc": self.vpc, "security_groups": list(self.groups), "vpc_subnets": self.subnets}


def of_the_product(network: NetworkAndDataStack, *, outward: bool) -> Whereabouts:
    """In it, and in its one group of those who do; `outward`: where a way leads out."""
    return Whereabouts(network.vpc, [network.inside], OUTWARD if outward else INSIDE)


def of_targets(scope: Construct, told: TargetNetwork) -> Whereabouts:
    """By ids alone: what is there already is looked up in no account."""
    place = Construct(scope, "targets")
    vpc = ec2.Vpc.from_vpc_attributes(place, "vpc", vpc_id=told.vpc, availability_zones=[""])
    groups = [ec2.SecurityGroup.from_security_group_id(place, one, one, mutable=False) for one in told.security_groups]
    subnets = [ec2.Subnet.from_subnet_id(place, one, one) for one in told.subnets]
    return Whereabouts(vpc, groups, ec2.SubnetSelection(subnets=subnets))
