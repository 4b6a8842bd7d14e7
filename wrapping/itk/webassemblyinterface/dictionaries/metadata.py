# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""Metadata: itk.MetaDataDictionary to dictionary and back."""

import numbers
import warnings

import numpy as np

_INT32 = np.iinfo(np.int32)
_INT64 = np.iinfo(np.int64)
_UINT32_MAX = np.iinfo(np.uint32).max
_UINT64_MAX = np.iinfo(np.uint64).max

_metadata_classes = None


def _metadata_class_by_type():
    """itk.MetaDataObject's classes by the name of the C++ type that they hold."""
    global _metadata_classes
    if _metadata_classes is None:
        import itk

        itk.MetaDataObject._LoadModules()
        _metadata_classes = {c.New().GetMetaDataObjectTypeName(): c for c in itk.MetaDataObject.values()}
    return _metadata_classes


def _python_value(value):
    """A value of a MetaDataObject as bool, int, float, str, or list of these."""
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_python_value(v) for v in value]
    return np.asarray(value).tolist()


def metadata_of(itk_object):
    """The metadata of an object of itk as a dictionary of plain Python values."""
    import itk

    dictionary = itk_object.GetMetaDataDictionary()
    metadata = {}
    for key in dictionary.GetKeys():
        entry = dictionary.Get(key)
        type_name = entry.GetMetaDataObjectTypeName()
        cls = _metadata_class_by_type().get(type_name)
        unsigned = False
        if cls is not None:
            value = _python_value(cls.cast(entry).GetMetaDataObjectValue())
            unsigned = cls is itk.MetaDataObject[itk.UL]
        elif itk.WasmMetaDataAccess.HasStrings(dictionary, key):
            value = list(itk.WasmMetaDataAccess.GetStrings(dictionary, key))
        elif itk.WasmMetaDataAccess.HasInteger(dictionary, key):
            value = itk.WasmMetaDataAccess.GetInteger(dictionary, key)
            unsigned = itk.WasmMetaDataAccess.IsUnsigned(dictionary, key)
        elif itk.WasmMetaDataAccess.HasIntegers(dictionary, key):
            value = [int(text) for text in itk.WasmMetaDataAccess.GetIntegers(dictionary, key)]
        else:
            # ITK's readers leave matrices of their own under such names, which itk.Image.keys() hides too.
            if not key.startswith("ITK_"):
                warnings.warn(
                    f"metadata {key!r} is left out: ITK-Python has no class for its C++ type {type_name}", stacklevel=3
                )
            continue
        if unsigned and value < 0:
            value += _UINT64_MAX + 1  # Python gets the bits of a signed number
        metadata[key] = value
    return metadata


def _is_double(value):
    """Whether it is a number that a double has: integers of more than 53 bits may be none."""
    if not isinstance(value, numbers.Integral):
        return isinstance(value, (numbers.Real, np.bool_))
    try:
        return int(float(value)) == int(value)
    except OverflowError:
        return False


def _are_doubles(values):
    return all(_is_double(v) for v in values)


def _are_integers(values, low, high):
    return all(isinstance(v, numbers.Integral) and low <= v <= high for v in values)


def _text(value):
    """A string that ITK takes. It hands over bytes that are no UTF-8 as surrogates, but does not take them back."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _set_value(dictionary, key, value):
    """Puts a value into a dictionary of ITK. False where ITK has nothing that can hold it."""
    import itk

    def put(cls, value):
        entry = cls.New()
        entry.SetMetaDataObjectValue(value)
        dictionary.Set(key, entry)
        return True

    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (bool, np.bool_)):
        return put(itk.MetaDataObject[itk.B], bool(value))
    if isinstance(value, numbers.Integral):
        value = int(value)
        for c_type, low, high in (
            (itk.SI, _INT32.min, _INT32.max),
            (itk.UI, 0, _UINT32_MAX),
            (itk.UL, 0, _UINT64_MAX),
        ):
            if low <= value <= high:
                return put(itk.MetaDataObject[c_type], value)
        if _INT64.min <= value < 0:
            itk.WasmMetaDataAccess.SetInteger(dictionary, key, value)
            return True
        return _is_double(value) and put(itk.MetaDataObject[itk.D], float(value))
    if isinstance(value, numbers.Real):
        return put(itk.MetaDataObject[itk.D], float(value))
    if isinstance(value, str):
        return put(itk.MetaDataObject.S, _text(value))
    if not isinstance(value, (list, tuple)):
        return False

    if _are_doubles(value):
        return put(itk.MetaDataObject.vectorD, [float(v) for v in value])
    if _are_integers(value, 0, _UINT64_MAX) or _are_integers(value, _INT64.min, _INT64.max):
        itk.WasmMetaDataAccess.SetIntegers(dictionary, key, [str(int(v)) for v in value])
        return True
    if all(isinstance(v, str) for v in value):
        itk.WasmMetaDataAccess.SetStrings(dictionary, key, [_text(v) for v in value])
        return True
    if all(isinstance(row, (list, tuple, np.ndarray)) and _are_doubles(row) for row in value):
        return put(itk.MetaDataObject.vectorvectorD, [[float(v) for v in row] for row in value])
    return False


def set_metadata(itk_object, metadata):
    """Puts metadata, a mapping or a list of pairs as in JSON files, into the dictionary of an object of itk."""
    if metadata is None or len(metadata) == 0:
        return
    dictionary = itk_object.GetMetaDataDictionary()
    for key, value in metadata.items() if hasattr(metadata, "items") else metadata:
        if not _set_value(dictionary, str(key), value):
            warnings.warn(
                f"metadata {key!r} is left out: ITK-Python has no class for {value!r:.80}, a {type(value).__name__}",
                stacklevel=3,
            )
