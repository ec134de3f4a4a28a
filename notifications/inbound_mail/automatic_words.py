"""The words automatic replies use, by language. Holds no logic.

A subject counts where it begins with the words and then stops or goes on as programs go on (a colon, a dash, "Re:"):
"Out of office cover for Tuesday" is a person's. The words are those that the mail programs set themselves, in the
languages their users write to a British council in.
"""

import re

_ENDS = (
    r"(?=\s*(?:$|[:：(\[–—]|-\s|re\s*:|autoreply|auto[- ]?reply|reply"
    r"|message|response|notification|until|till|from \d|\d|bis |jusqu|hasta|fino|tot |t/m))"
)
_PREFIXES = (
    # English
    r"auto(?:mat(?:ic|ed))?[- ]?(?:reply|repl(?:y|ies)|response|responder|answer|respond)",
    r"autoreply",
    r"autoresponse",
    r"auto(?=\s*[:：])",
    r"automat(?:ic|ed) (?:e-?mail|message|acknowledge?ment)",
    r"out[- ]of[- ](?:the[- ])?office",
    r"ooo",
    r"away from (?:my|the) (?:desk|office|mail|e-?mail)",
    r"vacation (?:reply|response|message|notice)",
    r"i(?: a|')m (?:currently )?out of (?:the )?office",
    r"auto[- ]?acknowledge?ment",
    # Welsh
    r"(?:ateb|ymateb|neges) awto(?:matig|mataidd)?",
    r"allan o(?:'|’)r swyddfa",
    r"i ffwrdd o(?:'|’)r swyddfa",
    # German
    r"automatische (?:antwort|e-?mail|nachricht|abwesenheits\w*)",
    r"abwesenheits(?:notiz|nachricht|meldung|assistent|mitteilung)",
    r"abwesend(?:heit)?",
    r"abwesenheit",
    r"außer haus",
    r"nicht im (?:büro|haus)",
    # French
    r"réponse automatique",
    r"reponse automatique",
    r"message (?:d'absence|automatique)",
    r"absen(?:ce|te?) du bureau",
    # Spanish, Portuguese, Catalan, Galician
    r"respuesta autom[áa]tica",
    r"fuera de (?:la )?oficina",
    r"ausente",
    r"resposta autom[áàa]tica",
    r"fora do escrit[óo]rio",
    r"ausência",
    # Italian
    r"risposta automatica",
    r"fuori (?:ufficio|sede)",
    r"assente",
    # Dutch, Afrikaans
    r"automatisch (?:antwoord|bericht|e-mailbericht)",
    r"afwezig(?:heid\w*)?",
    r"niet aanwezig",
    r"outomatiese antwoord",
    # Scandinavian, Finnish, Baltic
    r"auto(?:matiskt?)?[- ]?(?:svar|svarsmeddelande|besked)",
    r"fravær(?:ende|s(?:assistent|besked|melding))?",
    r"(?:ute av|ikke på) kontoret",
    r"frånva(?:rande|ro(?:meddelande)?)",
    r"automaattinen vastaus",
    r"poissa(?: toimistosta)?",
    r"automaatvastus",
    r"automatinis atsakymas",
    r"automātiska atbilde",
    # Slavic, Romanian, Hungarian, Greek, Turkish
    r"automatyczna odpowied[źz]",
    r"odpowied[źz] automatyczna",
    r"autoodpowied[źz]",
    r"poza biurem",
    r"automatická odpov[ěe][ďd]",
    r"automatick[áa] odpoveď",
    r"mimo kancelář",
    r"samodejni odgovor",
    r"automatski odgovor",
    r"автоматический ответ",
    r"автоответ",
    r"автоматична відповідь",
    r"автоматичен отговор",
    r"răspuns automat",
    r"raspuns automat",
    r"automatikus válasz",
    r"αυτόματη απάντηση",
    r"otomatik yanıt",
    # Arabic, Hebrew, Hindi, Urdu, Chinese, Japanese, Korean, Vietnamese, Thai
    r"رد تلقائي",
    r"الرد التلقائي",
    r"תשובה אוטומטית",
    r"स्वचालित (?:उत्तर|जवाब)",
    r"خودکار جواب",
    r"自动(?:答复|回复)",
    r"自動(?:回覆|応答|返信|回复)",
    r"不在(?:通知|のお知らせ)?",
    r"자동 ?(?:회신|응답)",
    r"부재 ?중",
    r"trả lời tự động",
    r"ตอบกลับอัตโนมัติ",
)
SUBJECT = re.compile(rf"\s*(?:{'|'.join(_PREFIXES)}){_ENDS}", re.IGNORECASE)

# Weak: people write so too, so that a header has to agree.
PHRASE = re.compile(
    r"\s*(?:re\s*:\s*)?(?:thank(?:s| you) for (?:contacting|your (?:e-?mail|enquiry|inquiry|message|request))"
    r"|(?:we(?: have|'ve)? |your (?:e-?mail|message|enquiry|request|ticket) (?:has been |was )?)received"
    r"|(?:ticket|request|incident|enquiry) ?(?:received|created|#|\[|id\b)"
    r"|(?:acknowledge?ment|confirmation) of (?:receipt|your)|please (?:verify|confirm) (?:your|you)"
    r"|(?:verify|confirm)\b.{0,30}\b(?:message|e-?mail|address)"
    r"|(?:i(?: a|')m |on )?(?:out of office|vacation|holiday|(?:annual |maternity |sick )?leave|away|absent)"
    r"(?=\s*(?:$|[:(\-–]|until|till))|no longer (?:at|with|works))",
    re.IGNORECASE,
)

# A machine saying that it is one.
SENTENCE = re.compile(
    r"\b(?:this is an? (?:automat(?:ic|ed)|auto[- ]?generated|computer[- ]generated) (?:reply|response"
    r"|message|e-?mail|acknowledge?ment|notification|answer)"
    r"|this (?:message|e-?mail|reply|response) (?:was|is|has been) (?:sent |generated "
    r"|created )?automatic(?:ally)?(?: (?:sent|generated))?\b"
    r"|auto(?:mated|matic)[- ]reply from|dies ist eine automatische|diese (?:nachricht|e-?mail) wurde automatisch"
    r"|ceci est (?:une réponse|un message) automatique|est[ae] es una? (?:respuesta|mensaje) automátic[oa]"
    r"|questa è una risposta automatica"
    r"|dit is een automatisch|detta är ett automatiskt|dette er (?:et|en) auto(?:matisk|svar)"
    r"|ateb awtomatig yw hwn|neges awtomatig yw hon"
    r"|to (?:release|deliver) your (?:message|e-?mail)[^.]{0,60}(?:click|verify|confirm)|(?:confirm|verify"
    r"|prove) that you are (?:a )?human)",
    re.IGNORECASE,
)

# Somebody is away: people write so in an answer, too.
STATEMENT = re.compile(
    r"(?:^|\n|[.!?,;:]\s)\s*(?:i(?: am|'m|’m| will be|'ll be)?|currently|presently)"
    r" (?:currently |presently |now |also )?"
    r"(?:out of (?:the |my )?office|away from (?:the |my )?(?:office|desk|e-?mails?)"
    r"|on (?:annual |sick |maternity |paternity |parental )?leave"
    r"|on (?:vacation|holiday)|not in the office)"
    r"|\bich bin (?:derzeit |zurzeit |bis |ab |vom )?[^.]{0,40}(?:nicht im (?:büro|haus)|abwesend"
    r"|im urlaub)|\bje suis (?:actuellement )?absente?"
    r"|\brydw i (?:allan o|i ffwrdd)|\bestoy fuera de|\bsono fuori (?:ufficio|sede)"
    r"|\bik ben (?:momenteel )?(?:afwezig|niet aanwezig)",
    re.IGNORECASE,
)
UNDERTAKING = re.compile(
    r"\b(?:(?:will|shall|'ll) (?:reply|respond|answer|read|get back|deal|be (?:responding|replying"
    r"|picking))|(?:on|upon|after) (?:my )?return\b|when i (?:return|get back|am back)"
    r"|limited (?:or no )?access|no access to (?:my )?e-?mail|(?:not|won't|will not) be (?:monitor|check"
    r"|read)|(?:if|for|in case of|where) (?:your|it is|it's|the|any)?\s*(?:\w+ ){0,4}urgen"
    r"|for urgent|in (?:an )?emergenc|in my absence|dringend|urgence|urgente|bei meiner rückkehr|à mon retour)",
    re.IGNORECASE,
)
