"""The image that pixels come from, stored or computed, and the request for some of its pixels.

https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/getPixels
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.expressions import Expression, applied, call, constant, load_image
from airflow_provider_ee.client.arguments.scalars import without_none
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Request

__all__ = ["MASK_BAND", "Image", "read_image"]

#: The band that says where there is data: 1 where every other band has a value, else 0.
MASK_BAND = "mask"


@dataclass(frozen=True)
class Image:
    """An image, stored or computed.

    Attributes:
        project: The project that is billed, as `projects/my-project`.
        asset: The full name of a stored image; None where the expression is computed.
        expression: The image to compute; None where a stored one is asked as it is.
        workload_tag: The tag of its costs.
    """

    project: str
    asset: str | None = None
    expression: Expression | None = field(default=None, compare=False)
    workload_tag: str | None = None

    def request(
        self,
        file_format: str,
        *,
        grid: Mapping[str, Any] | None = None,
        bands: Sequence[str] | None = None,
        visualization: Mapping[str, Any] | None = None,
    ) -> Request:
        """Build the request for its pixels on a grid."""
        body = without_none(
            fileFormat=file_format,
            grid=grid,
            bandIds=None if bands is None else list(bands),
            visualizationOptions=visualization,
            workloadTag=self.workload_tag,
        )
        if self.asset is not None:
            return methods.assets_get_pixels(self.asset, body=body)
        return methods.image_compute_pixels(self.project, body={"expression": self.expression, **body})

    def unmasked(self, nodata: float) -> Image:
        """Return the image with a value where it has none, also outside of its footprint."""
        return self._computed(
            applied(
                self._image(),
                "Image.unmask",
                "input",
                value=call("Image.constant", value=constant(nodata)),
                sameFootprint=constant(value=False),
            )
        )

    def with_mask_band(self, bands: Sequence[str]) -> Image:
        """Return some of its bands, followed by one that says where all of them have a value."""
        chosen = applied(self._image(), "Image.select", "input", bandSelectors=constant(list(bands)))
        image = {"valueReference": chosen["result"]}
        least = call("Image.reduce", image=call("Image.mask", image=image), reducer=call("Reducer.min"))
        # Where a mask is a fraction, there is some data.
        some = call("Image.gt", image1=least, image2=call("Image.constant", value=constant(0)))
        mask = call("Image.rename", input=some, names=constant([MASK_BAND]))
        return self._computed(applied(chosen, "Image.addBands", "dstImg", srcImg=mask))

    def _image(self) -> Expression:
        if self.expression is not None:
            return self.expression
        loaded = call("Image.load", id=constant(names.id_in_expressions(str(self.asset))))
        return {"result": "0", "values": {"0": loaded}}

    def _computed(self, image: Expression) -> Image:
        return replace(self, asset=None, expression=image)


def read_image(project: str, *, image: object = None, asset_id: object = None, workload_tag: object = None) -> Image:
    """Check the arguments that name an image.

    Raises:
        InvalidArgument: There is neither an image nor an asset, or there are both.
    """
    if (image is None) == (asset_id is None):
        raise InvalidArgument("image", "it takes one image", "image or asset_id")
    computed = None if image is None else load_image(image)
    if isinstance(image, str) and not image.lstrip().startswith("{"):
        # The id of an asset: its pixels need not be computed.
        computed, asset_id = None, image.strip()
    return Image(
        names.project_path(project),
        asset=None if asset_id is None else names.asset_name(asset_id),
        expression=computed,
        workload_tag=None if workload_tag is None else names.workload_tag(workload_tag),
    )
