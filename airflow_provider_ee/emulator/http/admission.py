"""Which project pays for a request: one that the caller may use, and that is registered."""

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.identities import Identity
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.switches import Registration, UserProject

__all__ = ["check_payer", "project_of"]

_LEGACY = "earthengine-legacy"
_CONSOLE = "https://console.cloud.google.com/earth-engine/configuration"
_USE = "serviceusage.services.use"


def check_payer(caller: Identity, named: str, resource: str, settings: Settings, *, method: str) -> None:
    """Check the project that pays for a request.

    Without the header X-Goog-User-Project that is the one that owns the credentials, whatever the path says.
    https://github.com/google/earthengine-community/issues/762

    Args:
        caller: Who calls.
        named: The value of the header; empty for none.
        resource: The resource in the path.
        settings: The settings of this moment.
        method: The method that is called.

    Raises:
        ApiError: The project is none of the caller's, or it is not registered.
    """
    own = project_of(resource)
    if named and _USE in caller.missing:
        raise _may_not_use(named)
    if not named and own != _LEGACY:
        _check_credentials_project(caller, own, settings)
    if settings.registration is Registration.NONE and method != "projects.getConfig":
        raise _not_registered(named or own)


def project_of(resource: str) -> str:
    """Return the id of the project that a resource is in; empty for none."""
    collection, _, rest = resource.partition("/")
    return rest.partition("/")[0] if collection == "projects" else ""


def _check_credentials_project(caller: Identity, own: str, settings: Settings) -> None:
    required = settings.user_project is UserProject.REQUIRED and bool(caller.bearer)
    if caller.project == own or not (caller.project or required):
        return
    consumer = caller.project or "of these credentials"
    page = (
        f"https://console.developers.google.com/apis/api/earthengine.googleapis.com/overview?project={caller.project}"
    )
    raise ApiError(
        "PERMISSION_DENIED",
        f"Google Earth Engine API has not been used in project {consumer} before or it is disabled. Enable it by "
        f"visiting {page} then retry. If you enabled this API recently, wait a few minutes for the action to propagate "
        "to our systems and retry.",
        details=[
            _help("Google developers console API activation", page),
            _error_info("SERVICE_DISABLED", caller.project, service="earthengine.googleapis.com"),
        ],
    )


def _may_not_use(project: str) -> ApiError:
    page = f"https://console.developers.google.com/iam-admin/iam/project?project={project}"
    return ApiError(
        "PERMISSION_DENIED",
        f"Caller does not have required permission to use project {project}. Grant the caller the "
        f"roles/serviceusage.serviceUsageConsumer role, or a custom role with the {_USE} permission, by visiting "
        f"{page} and then retry. Propagation of the new permission may take a few minutes.",
        details=[
            _help("Google developer console IAM admin", page),
            _error_info("USER_PROJECT_DENIED", project, service="earthengine.googleapis.com"),
        ],
    )


def _not_registered(project: str) -> ApiError:
    page = f"{_CONSOLE}?project={project}"
    return ApiError(
        "PERMISSION_DENIED",
        f"Project {project} is not registered to use Earth Engine. Visit {page} to register your project.",
        details=[_help("Earth Engine configuration", page)],
    )


def _help(description: str, url: str) -> dict[str, object]:
    return {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"description": description, "url": url}]}


def _error_info(reason: str, project: str, **metadata: str) -> dict[str, object]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"consumer": f"projects/{project}", **metadata},
    }
