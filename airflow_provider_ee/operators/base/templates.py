"""Which arguments may be the name of a file beside the DAG."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.sdk import BaseOperator

__all__ = ["FilesBesideTheDag"]


class FilesBesideTheDag(BaseOperator):
    """An operator of whose arguments some may be given as the name of a file beside the DAG.

    Airflow takes every templated text with one of the endings of `template_ext` for such a name, however deep in an
    argument it is: also `gs://bucket/mixer.json`, or the prefix of files to be written.
    """

    #: The arguments that may be.
    file_words: ClassVar[tuple[str, ...]] = ()

    def resolve_template_files(self) -> None:
        """Read the files."""
        every = self.template_fields
        self.template_fields = [word for word in every if word in self.file_words]
        try:
            super().resolve_template_files()
        finally:
            self.template_fields = every

    def render_template(self, content: Any, *args: Any, **kwargs: Any) -> Any:
        """Render a template; what must not be a file's name gets another ending, a comment that Jinja leaves out."""
        if isinstance(content, str) and content.endswith(tuple(self.template_ext)) and not self._may_be_a_file(content):
            content += "{##}"
        return super().render_template(content, *args, **kwargs)

    def _may_be_a_file(self, content: str) -> bool:
        return any(content is getattr(self, word, None) for word in self.file_words)
