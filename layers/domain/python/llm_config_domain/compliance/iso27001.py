"""ISO/IEC 27001: controls of Annex A."""

from llm_config_domain.compliance.controls import Check, Control, Framework

ISO_27001 = Framework(
    "iso27001",
    "ISO/IEC 27001",
    "ISO/IEC 27001:2022, Annex A",
    365,
    (
        Control("A.5.1", "Policies for information security", action="show the policies and their approval"),
        Control("A.5.15", "Access control", action="review who has which role in your identity provider"),
        Control("A.5.16", "Identity management", (Check.ATTRIBUTION,)),
        Control("A.5.17", "Authentication information", (Check.SEALING, Check.ROTATION, Check.EXPIRY)),
        Control("A.5.18", "Access rights", (Check.KEY_LIFETIMES,)),
        Control("A.5.24", "Planning for incidents", action="show the incident plan and its last exercise"),
        Control("A.5.28", "Collection of evidence", (Check.INTEGRITY,)),
        Control("A.5.33", "Protection of records", (Check.INTEGRITY,)),
        Control("A.6.3", "Awareness and training", action="show training records"),
        Control("A.7.1", "Physical perimeters", action="rely on the certificate of your hosting provider"),
        Control("A.8.5", "Secure authentication", (Check.KEY_LIFETIMES,)),
        Control("A.8.8", "Technical vulnerabilities", action="show scans, and how findings were followed up"),
        Control("A.8.9", "Configuration management", (Check.ATTRIBUTION, Check.REASONS)),
        Control("A.8.10", "Information deletion", action="say when versions that are not needed are destroyed"),
        Control("A.8.13", "Information backup", action="show backups, and the last restore that was tried"),
        Control("A.8.15", "Logging", (Check.RECORDING, Check.INTEGRITY)),
        Control("A.8.16", "Monitoring", (Check.REFUSALS,)),
        Control("A.8.24", "Use of cryptography", (Check.SEALING,)),
        Control("A.8.32", "Change management", (Check.ATTRIBUTION, Check.REASONS)),
    ),
)
