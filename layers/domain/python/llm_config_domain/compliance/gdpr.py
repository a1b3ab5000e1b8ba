"""GDPR: the articles on the security of processing, and on being able to show it."""

from llm_config_domain.compliance.controls import Check, Control, Framework

GDPR = Framework(
    "gdpr",
    "GDPR",
    "Regulation (EU) 2016/679",
    365,
    (
        Control("Art. 5(1)(e)", "Storage limitation", action="say how long personal data may stand in configs"),
        Control("Art. 5(1)(f)", "Integrity and confidentiality", (Check.INTEGRITY, Check.SEALING)),
        Control("Art. 5(2)", "Accountability", (Check.RECORDING, Check.ATTRIBUTION)),
        Control("Art. 15", "Right of access", action="search configs and audit entries for the person who asks"),
        Control(
            "Art. 17",
            "Right to erasure",
            action="delete or change what names the person; give out subjects in tokens that name nobody",
        ),
        Control(
            "Art. 25", "Data protection by design and by default", action="your data protection officer assesses it"
        ),
        Control("Art. 28", "Processors", action="show the contracts with your hosting provider"),
        Control("Art. 30", "Records of processing activities", action="keep the record of activities"),
        Control("Art. 32(1)(a)", "Encryption", (Check.SEALING,)),
        Control(
            "Art. 32(1)(b)",
            "Lasting confidentiality, integrity and resilience",
            (Check.ROTATION, Check.KEY_LIFETIMES, Check.INTEGRITY),
        ),
        Control("Art. 32(1)(c)", "Restoring after an incident", action="show the last restore that was tried"),
        Control(
            "Art. 32(1)(d)", "Regular testing of the measures", action="show tests and their dates; keep these reports"
        ),
        Control("Art. 33", "Notification of a breach", action="show the plan: 72 hours to the authority"),
    ),
)
