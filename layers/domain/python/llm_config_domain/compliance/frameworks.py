"""Every framework that is reported on, by its name on the wire."""

from collections.abc import Mapping

from llm_config_domain.compliance.controls import Framework
from llm_config_domain.compliance.gdpr import GDPR
from llm_config_domain.compliance.hipaa import HIPAA
from llm_config_domain.compliance.iso27001 import ISO_27001
from llm_config_domain.compliance.pci_dss import PCI_DSS
from llm_config_domain.compliance.soc2 import SOC_2

FRAMEWORKS: Mapping[str, Framework] = {one.id: one for one in (SOC_2, GDPR, HIPAA, PCI_DSS, ISO_27001)}
