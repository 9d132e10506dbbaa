"""Drives an API with the official `kfp.Client`; only the Python of Kubeflow's SDK runs this file.

    python -P official_client.py URL TOKEN PIPELINE.yaml

It prints as JSON what it was told, so that a test can compare.
"""

import json
import sys
import warnings
from importlib import import_module
from typing import Any

warnings.filterwarnings("ignore")
kfp: Any = import_module("kfp")
api: Any = import_module("kfp_server_api")


def drive(url: str, token: str, file: str) -> dict[str, object]:
    """Do what headrace does, with the client that Kubeflow's users have."""
    client = kfp.Client(host=url, existing_token=token)
    experiment = client.create_experiment("official")
    pipeline = client.upload_pipeline(file, "birds")
    version = client.upload_pipeline_version(file, "second", pipeline_id=pipeline.pipeline_id)
    ids = {"pipeline_id": pipeline.pipeline_id, "version_id": version.pipeline_version_id}
    recurring = client.create_recurring_run(
        experiment.experiment_id, "nightly", cron_expression="0 0 2 * * *", no_catchup=True, params={"steps": 5}, **ids
    )
    client.disable_recurring_run(recurring.recurring_run_id)
    run = client.run_pipeline(experiment.experiment_id, "adhoc", params={"steps": 7}, **ids)
    client.terminate_run(run.run_id)
    return {
        "same_experiment": client.create_experiment("official").experiment_id == experiment.experiment_id,
        "found": client.get_pipeline_id("birds") == pipeline.pipeline_id,
        "versions": [held.name for held in client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions],
        "cron": recurring.trigger.cron_schedule.cron,
        "state": client.get_recurring_run(recurring.recurring_run_id).status,
        "listed": [held.display_name for held in client.list_recurring_runs().recurring_runs],
        "parameters": client.get_run(run.run_id).runtime_config.parameters,
        "run": client.get_run(run.run_id).state,
        "refused": [refused(client, experiment, ids, wrong) for wrong in WRONG],
        "deleted": delete(client, recurring.recurring_run_id),
    }


WRONG: tuple[dict[str, Any], ...] = (
    {"cron_expression": "0 0 2 * * *", "max_concurrency": 11},
    {"cron_expression": "0 0 2 * * 7"},
    {"cron_expression": "nonsense"},
    {"cron_expression": "0 0 2 * * *", "params": {"stops": 1}},
    {"cron_expression": "0 0 2 * * *", "params": {"steps": "many"}},
)


def refused(client: Any, experiment: Any, ids: dict[str, str], wrong: dict[str, Any]) -> tuple[int, str]:
    """Ask for a schedule that the server refuses; return its status and the beginning of its words."""
    try:
        client.create_recurring_run(experiment.experiment_id, "wrong", **ids, **wrong)
    except api.ApiException as error:
        return error.status, json.loads(error.body)["message"]
    return 200, "taken"


def delete(client: Any, recurring_run_id: str) -> bool:
    """Delete a schedule, and look for it."""
    client.delete_recurring_run(recurring_run_id)
    return not client.list_recurring_runs().recurring_runs


if __name__ == "__main__":
    told = drive(*sys.argv[1:])
    print(f"\n{json.dumps(told)}")
