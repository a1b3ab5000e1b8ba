"""PCI DSS: requirements on keys, accounts, changes and logs."""

from llm_config_domain.compliance.controls import Check, Control, Framework

PCI_DSS = Framework(
    "pci-dss",
    "PCI DSS",
    "Payment Card Industry Data Security Standard v4.0.1",
    90,
    (
        Control("1.2.1", "Network security controls", action="review the network and firewall of the deployment"),
        Control("3.5.1", "Account numbers are unreadable where stored", action="make sure that no config holds any"),
        Control("3.6.1", "Keys that protect data are themselves protected", (Check.SEALING,)),
        Control("3.7.4", "Keys change at the end of their period", (Check.ROTATION,)),
        Control("4.2.1", "Strong cryptography in transmission", action="review TLS at the gateway"),
        Control("6.5.1", "Changes follow a procedure", (Check.ATTRIBUTION, Check.REASONS)),
        Control("7.2.1", "Access is by roles and need", action="review who has which role in your identity provider"),
        Control("8.2.1", "Every user has an own identity", (Check.ATTRIBUTION,)),
        Control("8.3.2", "Authentication factors are unreadable where stored", (Check.SEALING,)),
        Control("8.6.3", "Passwords of applications change periodically", (Check.ROTATION, Check.EXPIRY)),
        Control("9.1", "Physical access", action="rely on the report of your hosting provider"),
        Control("10.2.1", "Logs are enabled and active", (Check.RECORDING,)),
        Control("10.2.1.4", "Refused attempts are logged", (Check.REFUSALS,)),
        Control("10.2.2", "Log entries say who, what, when and the outcome", (Check.ATTRIBUTION,)),
        Control("10.3.2", "Logs are protected from change", (Check.INTEGRITY,)),
        Control("10.3.4", "Changes of logs are noticed", (Check.INTEGRITY,)),
        Control("10.4.1", "Logs are reviewed daily", action="show who reviews the audit, and alarms"),
        Control(
            "10.5.1", "Logs are kept for twelve months", action="show the lifecycle of the audit's bucket and backups"
        ),
        Control("11.3", "Vulnerability scans", action="show the scans of an approved vendor"),
        Control("12.10.1", "An incident plan", action="show the plan and its last exercise"),
    ),
)
