"""Uses the record store through PyPI's tincan, and prints what it saw as JSON."""

import json
import sys

import tincan

endpoint, key, secret, registration = sys.argv[1:]
lrs = tincan.RemoteLRS(version="1.0.3", endpoint=endpoint, username=key, password=secret)
agent = tincan.Agent(account={"home_page": "https://school.example", "name": "pupil-7"})
activity = tincan.Activity(id="https://school.example/things/lamp", definition={"name": {"en": "A lamp", "zh-Hans": "灯"}})


def done(answer):
    if not answer.success:
        sys.exit(f"{answer.response.status} {answer.data}")
    return answer.content


def statement(verb, target=activity):
    return tincan.Statement(
        actor=agent,
        verb=tincan.Verb(id=verb, display={"en": "did"}),
        object=target,
        context={"registration": registration},
    )


sent = done(lrs.save_statement(statement("http://adlnet.gov/expapi/verbs/experienced")))
batch = done(lrs.save_statements([statement("http://adlnet.gov/expapi/verbs/answered"), statement("http://adlnet.gov/expapi/verbs/completed")]))
found = done(lrs.query_statements({"registration": registration, "ascending": True}))
read = done(lrs.retrieve_statement(sent.id))

state = tincan.StateDocument(activity=activity, agent=agent, id="place", content=bytearray(b"table"), content_type="text/plain")
done(lrs.save_state(state))
kept = done(lrs.retrieve_state(activity, agent, "place"))
done(lrs.delete_state(kept))
gone = lrs.retrieve_state(activity, agent, "place")

done(lrs.save_statement(statement("http://adlnet.gov/expapi/verbs/voided", tincan.StatementRef(id=sent.id))))
voided = done(lrs.retrieve_voided_statement(sent.id))
hidden = lrs.retrieve_statement(sent.id)

print(
    json.dumps(
        {
            "batch": len(batch),
            "found": [it.verb.id.rsplit("/", 1)[1] for it in found.statements],
            "read": str(read.id) == str(sent.id),
            "kept": bytes(kept.content).decode(),
            "gone": gone.response.status == 404,
            "voided": str(voided.id) == str(sent.id),
            "hidden": hidden.response.status == 404,
        }
    )
)
