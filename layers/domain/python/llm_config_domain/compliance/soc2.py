"""SOC 2: the Trust Services Criteria that a store of configuration and secrets has something to say about."""

from llm_config_domain.compliance.controls import Check, Control, Framework

SOC_2 = Framework(
    "soc2",
    "SOC 2",
    "AICPA TSP section 100, 2017 Trust Services Criteria (points of focus of 2022)",
    365,
    (
        Control("CC1.4", "Competent people", action="your auditor asks for hiring and training records"),
        Control("CC6.1", "Logical access to protected information", (Check.SEALING, Check.ROTATION)),
        Control("CC6.2", "Credentials are given out and taken away", (Check.KEY_LIFETIMES,)),
        Control(
            "CC6.3",
            "Access follows roles and least privilege",
            action="review who has which role in your identity provider: roles come with its tokens",
        ),
        Control("CC6.4", "Physical access", action="rely on the report of your hosting provider"),
        Control("CC6.6", "Threats from outside", action="review network, gateway and firewall of the deployment"),
        Control("CC6.7", "Transmission and removal of information", action="review TLS at the gateway, and exports"),
        Control("CC6.8", "Unauthorised software", action="review how the deployment is built and shipped"),
        Control("CC7.2", "Anomalies are monitored", (Check.RECORDING, Check.REFUSALS)),
        Control("CC7.3", "Security events are evaluated", action="show how alarms were followed up"),
        Control("CC7.4", "Incidents are responded to", action="show the incident plan and its last exercise"),
        Control("CC8.1", "Changes are authorised and recorded", (Check.ATTRIBUTION, Check.REASONS, Check.INTEGRITY)),
        Control("A1.2", "Backup and recovery", action="show backups of the tables and the database, and their alarms"),
        Control("A1.3", "Recovery is tested", action="show the last restore that was tried"),
        Control("C1.1", "Confidential information is protected", (Check.SEALING,)),
        Control("C1.2", "Confidential information is disposed of", (Check.EXPIRY,)),
    ),
)
