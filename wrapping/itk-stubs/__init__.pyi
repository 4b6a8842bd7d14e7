# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""What editors and type checkers can know of itk with itk-webassemblyinterface.

itk finds its classes at run time, and has no stubs of its own: without these, an editor shows nothing of our classes.
Whatever is not named here is itk's, and can be anything.
"""

from collections.abc import Sequence
from os import PathLike
from typing import Any, TypeAlias

from itk.support.extras import *
from itk.support.init_helpers import *
from itk.support.types import *

from . import webassemblyinterface as webassemblyinterface

_Name: TypeAlias = str | PathLike[str]

def __getattr__(name: str) -> Any: ...

class _IOBase:
    """What the classes that read and write files have in common."""

    @classmethod
    def New(cls, *args: Any, **kwargs: Any) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...
    def SetFileName(self, filename: str) -> None: ...
    def GetFileName(self) -> str: ...
    def CanReadFile(self, filename: str) -> bool:
        """Whether the name ends in a suffix of ours and is a directory or a file, as the suffix says."""

    def CanWriteFile(self, filename: str) -> bool:
        """Whether the name ends in a suffix of ours."""

class WasmImageIO(_IOBase):
    """Reads and writes images: ``.iwi`` directories, ``.iwi.cbor`` and ``.iwi.cbor.zst`` files.

    ``itk.imread`` and ``itk.imwrite`` find it by the name. By itself it tells what a header says::

        io = itk.WasmImageIO.New(FileName="scan.iwi.cbor")
        io.ReadImageInformation()
        io.GetDimensions(0)
    """

    @classmethod
    def New(cls, *args: Any, FileName: str = ..., CompressionLevel: int = ..., **kwargs: Any) -> WasmImageIO: ...
    def ReadImageInformation(self) -> None:
        """Reads the header: type, size, geometry and metadata. The time does not depend on the number of pixels."""

    def GetNumberOfDimensions(self) -> int: ...
    def GetDimensions(self, axis: int) -> int:
        """Pixels along an axis."""

    def GetSpacing(self, axis: int) -> float: ...
    def GetOrigin(self, axis: int) -> float: ...
    def GetDirection(self, axis: int) -> Sequence[float]:
        """The cosines of an axis."""

    def GetNumberOfComponents(self) -> int: ...
    def GetComponentSize(self) -> int: ...
    def CanStreamRead(self) -> bool:
        """Whether regions can be read: from all but compressed files."""

    def CanStreamWrite(self) -> bool:
        """Whether an image can be written in pieces: to all but compressed files."""

    def SetCompressionLevel(self, level: int) -> None:
        """zstd's level for ``.zst``: 1 to 22, 3 by default."""

    def GetCompressionLevel(self) -> int: ...

class WasmMeshIO(_IOBase):
    """Reads and writes meshes: ``.iwm`` directories, ``.iwm.cbor`` and ``.iwm.cbor.zst`` files.

    ``itk.meshread`` and ``itk.meshwrite`` find it by the name. Point sets are meshes without cells.
    """

    @classmethod
    def New(cls, *args: Any, FileName: str = ..., **kwargs: Any) -> WasmMeshIO: ...
    def ReadMeshInformation(self) -> None:
        """Reads the header. The time does not depend on the size of the mesh."""

    def GetPointDimension(self) -> int: ...
    def GetNumberOfPoints(self) -> int: ...
    def GetNumberOfCells(self) -> int: ...
    def GetNumberOfPointPixels(self) -> int: ...
    def GetNumberOfCellPixels(self) -> int: ...
    def GetNumberOfPointPixelComponents(self) -> int: ...
    def GetNumberOfCellPixelComponents(self) -> int: ...
    def GetCellBufferSize(self) -> int: ...

class _WasmTransformIO(_IOBase):
    def Read(self) -> None: ...
    def Write(self) -> None: ...
    def SetTransformList(self, transforms: Any) -> None: ...
    def GetTransformList(self) -> Any: ...

class _WasmTransformIOTemplate:
    def __getitem__(self, value_type: Any) -> type[_WasmTransformIO]: ...
    def New(self, *args: Any, **kwargs: Any) -> _WasmTransformIO: ...

WasmTransformIOTemplate: _WasmTransformIOTemplate
"""Reads and writes lists of transforms: ``.iwt`` directories, ``.iwt.cbor`` and ``.iwt.cbor.zst`` files.

``itk.transformread`` and ``itk.transformwrite`` find it by the name. ``itk.WasmTransformIOTemplate[itk.D]`` is a class.
"""

class _Factory:
    @classmethod
    def New(cls, *args: Any, **kwargs: Any) -> Any: ...
    @staticmethod
    def RegisterOneFactory() -> None:
        """Registers the factory. ``import itk`` does that already."""

class WasmImageIOFactory(_Factory): ...
class WasmMeshIOFactory(_Factory): ...

class WasmTransformIO:
    """``itk.WasmTransformIOTemplate[itk.D]``, as the name stands for it in C++."""

    @staticmethod
    def New(*args: Any, **kwargs: Any) -> _WasmTransformIO: ...

class WasmTransformIOFactory(_Factory): ...

def imread(
    filename: _Name | Sequence[_Name],
    pixel_type: Any = None,
    fallback_only: bool = False,
    imageio: Any = None,
    series_uid: int | str | None = None,
) -> Any:
    """Reads an image, from ``.iwi``, ``.iwi.cbor``, ``.iwi.cbor.zst`` or any other format that itk knows.

    :param pixel_type: the type of pixel to read as; by default the file's
    :param fallback_only: take ``pixel_type`` only where itk has none for the file's
    :param imageio: the class to read with; by default the one that knows the name
    """

def imwrite(image_or_filter: Any, filename: _Name, compression: bool = False, imageio: Any = None) -> None:
    """Writes an image to ``.iwi``, ``.iwi.cbor``, ``.iwi.cbor.zst`` or any other format that itk knows."""

def meshread(filename: _Name, pixel_type: Any = None, fallback_only: bool = False) -> Any:
    """Reads a mesh, from ``.iwm``, ``.iwm.cbor``, ``.iwm.cbor.zst`` or any other format that itk knows."""

def meshwrite(mesh: Any, filename: _Name, compression: bool = False) -> None:
    """Writes a mesh to ``.iwm``, ``.iwm.cbor``, ``.iwm.cbor.zst`` or any other format that itk knows."""

def transformread(filename: _Name) -> list[Any]:
    """Reads transforms, from ``.iwt``, ``.iwt.cbor``, ``.iwt.cbor.zst`` or any other format that itk knows."""

def transformwrite(transforms: Any, filename: _Name, compression: bool = False) -> None:
    """Writes transforms to ``.iwt``, ``.iwt.cbor``, ``.iwt.cbor.zst`` or any other format that itk knows."""

def dict_from_image(image: Any) -> dict[str, Any]:
    """The image as itkwasm's dictionary: its type, name, geometry, metadata, and the pixels as an array of NumPy."""

def image_from_dict(image_dict: dict[str, Any]) -> Any:
    """The image that itkwasm's dictionary means."""

def dict_from_mesh(mesh: Any) -> dict[str, Any]:
    """The mesh as itkwasm's dictionary."""

def mesh_from_dict(mesh_dict: dict[str, Any]) -> Any:
    """The mesh that itkwasm's dictionary means."""

def dict_from_pointset(pointset: Any) -> dict[str, Any]:
    """The point set as itkwasm's dictionary."""

def pointset_from_dict(pointset_dict: dict[str, Any]) -> Any:
    """The point set that itkwasm's dictionary means."""

def dict_from_polydata(mesh: Any) -> dict[str, Any]:
    """The mesh of vertices, lines and polygons as itkwasm's dictionary of polydata."""

def polydata_from_dict(polydata_dict: dict[str, Any]) -> Any:
    """The polydata of itkwasm's dictionary, as a mesh."""

def dict_from_transform(transform: Any) -> list[dict[str, Any]]:
    """The transform, or the transforms, as itkwasm's list of dictionaries."""

def transform_from_dict(transform_dict: list[dict[str, Any]]) -> Any:
    """The transform that itkwasm's list of dictionaries means."""
