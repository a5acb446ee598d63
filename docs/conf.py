"""The documentation site: `make docs` builds it, warnings are errors."""

import atexit
import os
import shutil
import tempfile

from airflow_provider_ee import __version__

# Airflow writes its configuration where it is first imported.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)

project = "airflow-provider-ee"
author = "the airflow-provider-ee authors"
copyright = "the airflow-provider-ee authors"  # noqa: A001  # Sphinx's own name for it
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autodoc_use_legacy_class_based = False
python_use_unqualified_type_names = True
python_display_short_literal_types = True
python_maximum_signature_line_length = 80
#: Docstrings write code in single backticks.
default_role = "code"
napoleon_google_docstring = True
napoleon_use_ivar = True

html_theme = "furo"
html_title = "Earth Engine for Apache Airflow"
html_static_path = ["_static"]
exclude_patterns = ["_build"]


def setup(app: object) -> None:
    """Show the first paragraph of a module's docstring: what follows is drawn for readers of the code."""

    def keep_first_paragraph(*event: object) -> None:
        _, what, _, _, _, lines = event
        if what == "module" and isinstance(lines, list) and "" in lines:
            del lines[lines.index("") :]

    app.connect("autodoc-process-docstring", keep_first_paragraph)  # type: ignore[attr-defined]  # Sphinx's own object
