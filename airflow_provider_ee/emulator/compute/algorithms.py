# ruff: noqa: E501 - a table is read in rows
"""Every function that is computed, by Earth Engine's name, with its signature as in algorithms.list.

`-> Type` is what it returns; `name?` is optional and null, or the default behind `=`. Functions that are not here
are refused as `NotComputed`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow_provider_ee.emulator.compute.arguments import Algorithm, signature
from airflow_provider_ee.emulator.compute.dates import advance, date_range, formatted, parse_date
from airflow_provider_ee.emulator.compute.functions import (
    bands,
    classifiers,
    collections,
    confusion,
    elements,
    features,
    learners,
    masks,
    projections,
    samples,
    values,
)
from airflow_provider_ee.emulator.compute.functions import filters as conditions
from airflow_provider_ee.emulator.compute.functions.aggregates import AGGREGATES, aggregate
from airflow_provider_ee.emulator.compute.functions.arithmetic import (
    BINARY,
    CASTS,
    UNARY,
    binary,
    clamp,
    normalized_difference,
    to_type,
    unary,
    unit_scale,
)
from airflow_provider_ee.emulator.compute.functions.formula import parse_expression
from airflow_provider_ee.emulator.compute.functions.reducers import (
    OUTPUTS,
    REDUCERS,
    composite,
    mosaic,
    reduce_bands,
    reduce_collection,
    reduce_region,
)
from airflow_provider_ee.emulator.compute.functions.visualize import visualize
from airflow_provider_ee.emulator.compute.geometry import Geometry, rectangle
from airflow_provider_ee.emulator.compute.pixels.grids import Projection

__all__ = ["LOADERS", "TABLE"]

Row = tuple[str, Callable[..., Any], str]


def _shape(kind: str) -> Callable[..., Geometry]:
    def construct(coordinates: list[Any], crs: Projection | None, *_how_edges_run: Any) -> Geometry:
        return Geometry.on(kind, coordinates, crs)

    return construct


def _rectangle(coordinates: list[Any], crs: Projection | None, *_how_edges_run: Any) -> Geometry:
    corners = coordinates if coordinates and isinstance(coordinates[0], list) else [coordinates[:2], coordinates[2:]]
    line = Geometry.on("LineString", corners, crs)
    return rectangle(line.bounds(line.crs), line.crs)


def _bbox(*bounds: float) -> Geometry:
    west, south, east, north = bounds
    return rectangle((west, south, east, north))


_FIELDS = "(leftField?: String, rightValue?: Object, rightField?: String, leftValue?: Object"
_EDGES = "crs?: Projection, geodesic?: Boolean, maxError?: Object, evenOdd?: Boolean = true) -> Geometry"

_IMAGES: tuple[Row, ...] = (
    ("Image.constant(value: Object) -> Image", bands.constant, "The same number everywhere."),
    ("Image.select(input: Image, bandSelectors: List<Object>, newNames?: List<String>) -> Image", bands.select, "Choose bands by name, pattern or index."),
    ("Image.rename(input: Image, names: List<String>) -> Image", bands.rename, "Name the bands anew."),
    ("Image.addBands(dstImg: Image, srcImg: Image, names?: List<String>, overwrite?: Boolean = false) -> Image", bands.add_bands, "Join the bands of two images."),
    ("Image.cat(images: List<Image>) -> Image", bands.cat, "Join the bands of images."),
    ("Image.bandNames(image: Image) -> List", bands.band_names, "The names of the bands."),
    ("Image.pixelLonLat() -> Image", bands.pixel_lon_lat, "Longitude and latitude of every pixel."),
    ("Image.normalizedDifference(input: Image, bandNames?: List<String>) -> Image", normalized_difference, "(first - second) / (first + second)."),
    ("Image.clamp(input: Image, low: Float, high: Float) -> Image", clamp, "Hold values between two numbers."),
    ("Image.unitScale(input: Image, low: Float, high: Float) -> Image", unit_scale, "Stretch low to high to 0 to 1."),
    ("Image.parseExpression(expression: String, argName: String, vars: List<String>, mapFreeVarsToDefaultImageBands?: Boolean = false) -> Algorithm", parse_expression, "An arithmetic expression as a function."),
    ("Image.mask(image: Image, mask?: Image) -> Image", masks.mask, "Get or set the mask."),
    ("Image.updateMask(image: Image, mask: Image) -> Image", masks.update_mask, "Mask more pixels."),
    ("Image.unmask(input: Image, value?: Image, sameFootprint?: Boolean = true) -> Image", masks.unmask, "Give masked pixels a value."),
    ("Image.where(input: Image, test: Image, value: Image) -> Image", masks.where, "Replace values where a test holds."),
    ("Image.clip(input: Image, geometry: Geometry) -> Image", masks.clip, "Mask what lies outside."),
    ("Image.clipToBoundsAndScale(input: Image, geometry?: Geometry, width?: Integer, height?: Integer, maxDimension?: Integer, scale?: Float) -> Image", projections.clip_to_bounds_and_scale, "The pixels of a region."),
    ("Image.reproject(image: Image, crs: Projection, crsTransform?: List<Float>, scale?: Float) -> Image", projections.reproject, "Compute in this projection."),
    ("Image.setDefaultProjection(image: Image, crs: Projection, crsTransform?: List<Float>, scale?: Float) -> Image", projections.set_default_projection, "Ask for this projection by default."),
    ("Image.projection(image: Image) -> Projection", lambda image: image.projection, "The default projection."),
    ("Image.geometry(feature: Element, maxError?: Object, proj?: Projection, geodesics?: Boolean) -> Geometry", lambda element, *_: elements.geometry(element), "The footprint."),
    ("Image.date(image: Image) -> Date", elements.date, "When the image was taken."),
    ("Image.reduce(image: Image, reducer: Reducer) -> Image", reduce_bands, "Reduce the bands of every pixel."),
    ("Image.reduceRegion(image: Image, reducer: Reducer, geometry?: Geometry, scale?: Float, crs?: Projection, crsTransform?: List<Float>, bestEffort?: Boolean = false, maxPixels?: Long = 10000000, tileScale?: Float = 1) -> Dictionary", lambda *arguments: reduce_region(*arguments[:-1]), "Reduce the pixels of a region, each counting once."),
    ("Image.visualize(image: Image, bands?: Object, gain?: Object, bias?: Object, min?: Object, max?: Object, gamma?: Object, opacity?: Number, palette?: Object, forceRgbOutput?: Boolean = false) -> Image", visualize, "Make a picture."),
)  # fmt: skip


_COLLECTIONS: tuple[Row, ...] = (
    ("ImageCollection.fromImages(images: List<Image>) -> ImageCollection", collections.from_elements, "A collection of images."),
    ("ImageCollection.mosaic(collection: ImageCollection) -> Image", mosaic, "The last value of every pixel."),
    ("ImageCollection.reduce(collection: ImageCollection, reducer: Reducer, parallelScale?: Float = 1) -> Image", lambda collection, reducer, _: reduce_collection(collection, reducer), "Reduce the images of every pixel."),
    ("Collection(features: List<Element>) -> Collection", collections.from_elements, "A collection of features."),
    ("Collection.filter(collection: Collection, filter: Filter) -> Collection", collections.filtered, "The elements that match."),
    ("Collection.first(collection: Collection) -> Element", collections.first, "The first element."),
    ("Collection.limit(collection: Collection, limit?: Integer, key?: String, ascending?: Boolean = true) -> Collection", collections.limit, "The first elements in an order."),
    ("Collection.map(collection: Collection, baseAlgorithm: Algorithm, dropNulls?: Boolean = false) -> Collection", collections.mapped, "A function of every element."),
    ("Collection.merge(collection1: Collection, collection2: Collection) -> Collection", collections.merged, "The elements of two collections."),
    ("Collection.size(collection: Collection) -> Integer", collections.size, "The number of elements."),
    ("AggregateFeatureCollection.array(collection: Collection, property: String) -> List", collections.aggregate_array, "The values of a property."),
    ("Filter.intersects" + _FIELDS + ", maxError?: Object) -> Filter", conditions.intersects, "Bounds that touch."),
    ("Filter.calendarRange(start: Integer, end?: Integer, field?: String = day_of_year) -> Filter", conditions.calendar_range, "A part of the date."),
    ("Filter.and(filters: List<Filter>) -> Filter", conditions.all_of, "All of them."),
    ("Filter.or(filters: List<Filter>) -> Filter", conditions.any_of, "One of them."),
    ("Filter.not(filter: Filter) -> Filter", conditions.opposite, "The opposite."),
)  # fmt: skip

_VALUES: tuple[Row, ...] = (
    ("Element.set(object: Element, key: String, value?: Object) -> Element", elements.set_one, "Set a property."),
    ("Element.setMulti(object: Element, properties: Dictionary) -> Element", elements.set_all, "Set properties."),
    ("Element.get(object: Element, property: String) -> Object", elements.get, "A property."),
    ("Feature(geometry?: Geometry, metadata?: Dictionary = {}, geometryKey?: String) -> Element", lambda shape, properties, _: elements.feature(shape, properties), "A geometry with properties."),
    ("Geometry.bounds(geometry: Geometry, maxError?: Object, proj?: Projection) -> Geometry", lambda shape, *_: elements.bounds(shape), "The rectangle around a geometry."),
    ("GeometryConstructors.Point(coordinates: List<Number>, crs?: Projection) -> Geometry", _shape("Point"), "A point."),
    ("GeometryConstructors.MultiPoint(coordinates: List<Object>, crs?: Projection) -> Geometry", _shape("MultiPoint"), "Points."),
    ("GeometryConstructors.LineString(coordinates: List<Object>, " + _EDGES.replace(", evenOdd?: Boolean = true", ""), _shape("LineString"), "A line."),
    ("GeometryConstructors.Polygon(coordinates: List<Object>, " + _EDGES, lambda rings, *rest: _shape("Polygon")(_rings(rings), *rest), "A polygon."),
    ("GeometryConstructors.MultiPolygon(coordinates: List<Object>, " + _EDGES, _shape("MultiPolygon"), "Polygons."),
    ("GeometryConstructors.Rectangle(coordinates: List<Object>, " + _EDGES.replace("maxError?: Object, ", ""), _rectangle, "A rectangle."),
    ("GeometryConstructors.BBox(west: Float, south: Float, east: Float, north: Float) -> Geometry", _bbox, "A rectangle."),
    ("Projection(crs: Object, transform?: List<Float>, transformWkt?: String) -> Projection", projections.projection, "A projection."),
    ("Projection.nominalScale(proj: Projection) -> Float", lambda projection: projection.nominal_scale, "The side of a pixel in metres."),
    ("Date(value: Object, timeZone?: String) -> Date", lambda value, _: parse_date(value), "A moment."),
    ("DateRange(start: Object, end?: Object, timeZone?: String) -> DateRange", lambda start, end, _: date_range(start, end), "The time between two moments."),
    ("Date.advance(date: Date, delta: Float, unit: String, timeZone?: String) -> Date", lambda date, delta, unit, _: advance(date, delta, unit), "A moment moved."),
    ("Date.format(date: Date, format?: String, timeZone?: String) -> String", lambda date, pattern, _: formatted(date, pattern), "A moment as text."),
    ("Date.millis(date: Date) -> Long", lambda date: date.millis, "Milliseconds since 1970."),
    ("List.get(list: List, index: Integer) -> Object", values.at, "A value of a list."),
    ("List.size(list: List) -> Integer", len, "The number of values."),
    ("Dictionary.get(dictionary: Dictionary, key: String, defaultValue?: Object) -> Object", values.lookup, "A value of a dictionary."),
)  # fmt: skip


_FEATURES: tuple[Row, ...] = (
    ("Feature.select(input: Element, propertySelectors: List<String>, newProperties?: List<String>, retainGeometry?: Boolean = true) -> Element", features.select, "Choose properties by name or pattern."),
    ("Feature.geometry(feature: Element, maxError?: Object, proj?: Projection, geodesics?: Boolean) -> Geometry", lambda element, _, proj, __: features.geometry_in(element, proj), "The geometry."),
    ("Element.geometry(feature: Element, maxError?: Object, proj?: Projection, geodesics?: Boolean) -> Geometry", lambda element, _, proj, __: features.geometry_in(element, proj), "The geometry."),
    ("Feature.setGeometry(feature: Element, geometry?: Geometry) -> Element", features.set_geometry, "Another geometry."),
    ("Feature.id(element: Element) -> String", features.index, "The index in the collection."),
    ("Feature.area(feature: Element, maxError?: Object, proj?: Projection) -> Float", lambda element, _, proj: features.area(elements.geometry(element), proj), "The area in square metres."),
    ("Feature.centroid(feature: Element, maxError?: Object, proj?: Projection) -> Feature", lambda element, _, proj: features.centred(element, proj), "At the centre."),
    ("Feature.bounds(feature: Element, maxError?: Object, proj?: Projection) -> Feature", lambda element, *_: features.set_geometry(element, elements.bounds(elements.geometry(element))), "The rectangle around it."),
    ("Feature.buffer(feature: Element, distance: Float, maxError?: Object, proj?: Projection) -> Feature", lambda element, distance, _, proj: features.buffered(element, distance, proj), "The circle around a point."),
    ("Geometry.area(geometry: Geometry, maxError?: Object, proj?: Projection) -> Float", lambda shape, _, proj: features.area(shape, proj), "The area in square metres."),
    ("Geometry.centroid(geometry: Geometry, maxError?: Object, proj?: Projection) -> Geometry", lambda shape, _, proj: features.centre(shape, proj), "The centre."),
    ("Geometry.buffer(geometry: Geometry, distance: Float, maxError?: Object, proj?: Projection) -> Geometry", lambda shape, distance, _, proj: features.circle(shape, distance, proj), "The circle around a point."),
    ("ErrorMargin(value?: Float, unit?: String = meters) -> Object", features.error_margin, "How much error is tolerated."),
    ("Element.propertyNames(element: Element) -> List", features.property_names, "The names of the properties."),
    ("Element.getNumber(object: Element, property: String) -> Number", features.number, "A property that is a number."),
    ("Element.getString(object: Element, property: String) -> String", features.text, "A property that is a text."),
    ("Element.toDictionary(element: Element, properties?: List<String>) -> Dictionary", features.to_dictionary, "The properties."),
    ("Element.copyProperties(destination?: Element, source?: Element, properties?: List<String>, exclude?: List<String>) -> Element", features.copy_properties, "Properties of another element."),
    ("Collection.flatten(collection: FeatureCollection) -> FeatureCollection", collections.flattened, "The elements of collections."),
    ("Collection.distinct(collection: FeatureCollection, properties: Object) -> FeatureCollection", collections.distinct, "The first of each."),
    ("Collection.toList(collection: FeatureCollection, count: Integer, offset?: Integer = 0) -> List", collections.listed, "Elements as a list."),
    ("Collection.randomColumn(collection: FeatureCollection, columnName?: String = random, seed?: Long = 0, distribution?: String = uniform, rowKeys?: List<String>) -> FeatureCollection", samples.random_column, "A random number for each element."),
    ("Filter.notNull(properties: List<String>) -> Filter", conditions.not_null, "Those that have the properties."),
    ("Image.reduceRegions(image: Image, collection: FeatureCollection, reducer: Reducer, scale?: Float, crs?: Projection, crsTransform?: List<Float>, tileScale?: Float = 1, maxPixelsPerRegion?: Long) -> FeatureCollection", samples.reduce_regions, "Reduce the pixels of each feature."),
    ("Image.sample(image: Image, region?: Geometry, scale?: Float, projection?: Projection, factor?: Float, numPixels?: Long, seed?: Integer = 0, dropNulls?: Boolean = true, tileScale?: Float = 1, geometries?: Boolean = false) -> FeatureCollection", samples.sample, "Pixels as features."),
    ("Image.sampleRegions(image: Image, collection: FeatureCollection, properties?: List<String>, scale?: Float, projection?: Projection, tileScale?: Float = 1, geometries?: Boolean = false) -> FeatureCollection", samples.sample_regions, "The pixels of features as features."),
)  # fmt: skip

# A classifier is an Object to the signatures: it is told apart where it is used.
_CLASSIFIERS: tuple[Row, ...] = (
    ("Classifier.minimumDistance(metric?: String = euclidean, kNearest?: Integer = 1) -> Object", learners.minimum_distance, "The class whose mean is nearest."),
    ("Classifier.smileCart(maxNodes?: Integer, minLeafPopulation?: Integer = 1) -> Object", learners.smile_cart, "A decision tree."),
    ("Classifier.smileRandomForest(numberOfTrees: Integer, variablesPerSplit?: Integer, minLeafPopulation?: Integer = 1, bagFraction?: Float, maxNodes?: Integer, seed?: Integer = 0) -> Object", learners.smile_random_forest, "The vote of many trees."),
    ("Classifier.decisionTree(treeString: String) -> Object", lambda text: learners.decision_trees([text], "decisionTree"), "A given tree."),
    ("Classifier.decisionTreeEnsemble(treeStrings: List<String>) -> Object", lambda texts: learners.decision_trees(texts, "decisionTreeEnsemble"), "The vote of given trees."),
    ("Classifier.train(classifier: Object, features: FeatureCollection, classProperty: String, inputProperties?: List<String>, subsampling?: Float = 1, subsamplingSeed?: Integer = 0) -> Object", classifiers.train, "A classifier that has learnt."),
    ("Classifier.schema(classifier: Object) -> List", classifiers.schema, "What it looks at."),
    ("Classifier.mode(classifier: Object) -> String", classifiers.mode, "What it gives out."),
    ("Classifier.setOutputMode(classifier: Object, mode: String) -> Object", classifiers.set_output_mode, "What it gives out: CLASSIFICATION."),
    ("Classifier.explain(classifier: Object) -> Dictionary", classifiers.explain, "The trees, without the importance of the inputs."),
    ("Classifier.confusionMatrix(classifier: Object) -> Object", classifiers.confusion_matrix, "Its training data, classified."),
    ("Image.classify(image: Image, classifier: Object, outputName?: String = classification) -> Image", classifiers.classify_image, "The class of every pixel."),
    ("FeatureCollection.classify(features: FeatureCollection, classifier: Object, outputName?: String = classification) -> FeatureCollection", classifiers.classify_features, "The class of every feature."),
    ("Collection.errorMatrix(collection: FeatureCollection, actual: String, predicted: String, order?: List<Integer>) -> Object", confusion.error_matrix, "Two properties compared."),
    ("ConfusionMatrix.array(confusionMatrix: Object) -> List", confusion.rows, "The rows."),
    ("ConfusionMatrix.order(confusionMatrix: Object) -> List", confusion.order, "The classes of the rows."),
    ("ConfusionMatrix.accuracy(confusionMatrix: Object) -> Float", confusion.accuracy, "The share that was found right."),
    ("ConfusionMatrix.kappa(confusionMatrix: Object) -> Float", confusion.kappa, "How much better than chance."),
)  # fmt: skip


def _rings(coordinates: list[Any]) -> list[Any]:
    """Return the rings of a polygon; one ring may stand for itself."""
    is_ring = (
        bool(coordinates) and isinstance(coordinates[0], list) and not isinstance((coordinates[0] or [[]])[0], list)
    )
    return [coordinates] if is_ring else coordinates


_FAMILIES: tuple[Row, ...] = (
    *((f"Image.{name}(image1: Image, image2: Image) -> Image", binary(name), f"{name}, pixel by pixel.") for name in BINARY),
    *((f"Image.{name}(value: Image) -> Image", unary(name), f"{name}, pixel by pixel.") for name in UNARY),
    *((f"Image.{name}(value: Image) -> Image", to_type(name), "Cast, saturating.") for name in CASTS),
    *((f"Number.{name}(left: Number, right: Number) -> Number", values.number(name), f"{name}.") for name in values.NUMBERS),
    *((f"Filter.{name}{_FIELDS}) -> Filter", conditions.comparison(name), f"{name}.") for name in conditions.COMPARISONS),
    *((f"AggregateFeatureCollection.{name}(collection: FeatureCollection, property: String) -> Object", aggregate(name), f"The {name} of a property.") for name in AGGREGATES),
    *((f"Reducer.{name}() -> Reducer", lambda reducer=reducer: reducer, f"The {name}.") for name, reducer in REDUCERS.items()),
    *((f"reduce.{name}(collection: ImageCollection) -> Image", composite(name), f"The {name} of every pixel.") for name in OUTPUTS if name != "first"),  # of that there is no reduce.first
)  # fmt: skip

#: These need the assets, which the evaluator holds.
LOADERS: tuple[tuple[str, str], ...] = (
    ("Image.load(id: String, version?: Long = -1) -> Image", "A stored image."),
    ("ImageCollection.load(id: String, version?: Long = -1) -> ImageCollection", "A stored collection."),
    (
        "Collection.loadTable(tableId: String, geometryColumn?: String, version?: Long = -1) -> Collection",
        "A stored table.",
    ),
    (
        "FeatureCollection.loadBigQueryTable(table: String, geometryColumn?: String) -> FeatureCollection",
        "A table of BigQuery.",
    ),
    ("Classifier.load(id: String) -> Object", "A stored classifier."),
)


def _algorithm(row: Row) -> Algorithm:
    name, parameters, returns = signature(row[0])
    return Algorithm(name, parameters, returns, row[1], row[2])


TABLE: dict[str, Algorithm] = {
    algorithm.name: algorithm
    for algorithm in map(_algorithm, (*_IMAGES, *_COLLECTIONS, *_FEATURES, *_VALUES, *_CLASSIFIERS, *_FAMILIES))
}
