"""Assets: make, move, share and describe what is stored at Earth Engine.

https://developers.google.com/earth-engine/guides/asset_manager
"""

from airflow_provider_ee.operators.assets.access import EarthEngineSetAssetAccessOperator
from airflow_provider_ee.operators.assets.details import (
    EarthEngineGetAssetOperator,
    EarthEngineListAssetsOperator,
    EarthEngineUpdateAssetOperator,
)
from airflow_provider_ee.operators.assets.tree import (
    EarthEngineCopyAssetOperator,
    EarthEngineCreateFolderOperator,
    EarthEngineCreateImageCollectionOperator,
    EarthEngineDeleteAssetOperator,
    EarthEngineMoveAssetOperator,
)

__all__ = [
    "EarthEngineCopyAssetOperator",
    "EarthEngineCreateFolderOperator",
    "EarthEngineCreateImageCollectionOperator",
    "EarthEngineDeleteAssetOperator",
    "EarthEngineGetAssetOperator",
    "EarthEngineListAssetsOperator",
    "EarthEngineMoveAssetOperator",
    "EarthEngineSetAssetAccessOperator",
    "EarthEngineUpdateAssetOperator",
]
