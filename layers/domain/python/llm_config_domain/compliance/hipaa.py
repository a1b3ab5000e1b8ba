"""HIPAA: the standards of the Security Rule."""

from llm_config_domain.compliance.controls import Check, Control, Framework

HIPAA = Framework(
    "hipaa",
    "HIPAA Security Rule",
    "45 CFR part 164, subpart C",
    365,
    (
        Control("164.308(a)(1)(ii)(A)", "Risk analysis", action="show the analysis and its date"),
        Control("164.308(a)(1)(ii)(D)", "Information system activity review", (Check.RECORDING, Check.INTEGRITY)),
        Control("164.308(a)(3)", "Workforce security", action="show how access ends when somebody leaves"),
        Control(
            "164.308(a)(4)",
            "Information access management",
            action="review who has which role in your identity provider",
        ),
        Control("164.308(a)(5)(ii)(C)", "Log-in monitoring", (Check.REFUSALS,)),
        Control("164.308(a)(5)(ii)(D)", "Password management", (Check.ROTATION, Check.EXPIRY)),
        Control("164.308(a)(6)", "Security incident procedures", action="show the incident plan and its last exercise"),
        Control("164.308(a)(7)", "Contingency plan", action="show backups, and the last restore that was tried"),
        Control("164.310", "Physical safeguards", action="rely on the report of your hosting provider"),
        Control("164.312(a)(2)(i)", "Unique user identification", (Check.ATTRIBUTION,)),
        Control("164.312(a)(2)(iv)", "Encryption and decryption", (Check.SEALING,)),
        Control("164.312(b)", "Audit controls", (Check.RECORDING, Check.INTEGRITY)),
        Control("164.312(c)(1)", "Integrity", (Check.INTEGRITY,)),
        Control("164.312(d)", "Person or entity authentication", (Check.KEY_LIFETIMES,)),
        Control("164.312(e)(1)", "Transmission security", action="review TLS at the gateway"),
        Control("164.314(a)", "Business associate contracts", action="show the contracts; no software can"),
        Control(
            "164.316(b)(2)(i)", "Documentation is kept for six years", action="keep these reports, and checkpoints"
        ),
    ),
)
