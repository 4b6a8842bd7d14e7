# Copyright the itk-webassemblyinterface contributors.
# SPDX-License-Identifier: Apache-2.0
"""What importing itk costs with our wheel, and that all ways to import it still work."""

import inspect
import pickle
from pathlib import Path

import itk
import pytest
from conftest import needs

# Of ours: the package, its files, and the extension modules of images, once they are used.
OUR_FILES = len(list(Path(itk.webassemblyinterface.__file__).parent.rglob("*.py")))
OURS = ("webassemblyinterface", "WebAssemblyInterface", "Wasm")

COUNT = """
import sys
names = [n for n in sys.modules if n == "itk" or n.startswith("itk.")]
ours = [n for n in names if any(o in n for o in {ours!r})]
print(len(names) - len(ours), len(ours))
"""

# itk without what our wheel adds: its finder does not see our files, and itk does not see our init file.
HIDDEN = """
import os
_listdir, _isfile = os.listdir, os.path.isfile
os.listdir = lambda *a: [n for n in _listdir(*a) if "webassemblyinterface" not in str(n).lower()]
os.path.isfile = lambda p: "__init_webassemblyinterface__" not in str(p) and _isfile(p)
"""


def count(run_python, code, before=""):
    output = run_python(before + code + COUNT.format(ours=OURS))
    others, ours = output.splitlines()[-1].split()
    return int(others), int(ours)


def test_import_loads_no_module_of_itk(run_python):
    without = count(run_python, "import itk", HIDDEN)
    others, ours = count(run_python, "import itk")
    assert without[1] == 0
    assert others == without[0]
    assert ours <= OUR_FILES + 2 * 4  # and the two that itk reads about each of our modules


def test_first_imread_loads_only_ours_more(run_python, tmp_path):
    path = tmp_path / "image.png"
    code = f"import itk; itk.imread({str(path)!r})"
    image = itk.Image[itk.UC, 2].New()
    image.SetRegions([4, 4])
    image.Allocate(True)
    itk.imwrite(image, str(path))
    without = count(run_python, code, HIDDEN)
    others, ours = count(run_python, code)
    assert others == without[0]
    assert ours <= OUR_FILES + 2 * 4 + 6  # and those of our image IO


def test_first_dictionary_probes_cheaply(run_python):
    """The trying of itk's own function loads no module that the call itself does not need."""
    code = "import itk; image = itk.Image[itk.UC, 2].New(); {}"
    without = count(run_python, code.format("itk.support.extras.dict_from_image(image)"), HIDDEN)
    others, _ = count(run_python, code.format("itk.dict_from_image(image)"))
    assert others <= without[0] + 1


def test_every_way_to_import(run_python):
    code = """
import itk
assert itk.imread.__doc__.startswith("Read an image from a file or series of files")
import importlib
first = itk.imread, itk.dict_from_image
same = importlib.reload(itk)
import itk as again
assert again is itk is same
assert (itk.imread, itk.dict_from_image) == first, "replaced twice"
assert not hasattr(itk.imread.__wrapped__, "__wrapped__"), "replaced what was replaced"
from itk import imread
from itk.support.extras import imread as there
assert imread is there is itk.imread
print("ok")
"""
    assert run_python(code) == "ok\n"


# itk-io alone can't be loaded at once, with our wheel or without: it lacks modules that its own depend on.
@pytest.mark.parametrize("lazy", ["True", pytest.param("False", marks=needs("DisplacementFieldTransform"))])
def test_lazy_loading(run_python, lazy, tmp_path):
    code = f"""
import itkConfig
itkConfig.LazyLoading = {lazy}
import itk
image = itk.image_from_dict(itk.dict_from_image(itk.Image[itk.F, 2].New()))
assert itk.polydata_from_dict and itk.dict_from_polydata
assert "Wasm" in str(itk.WasmImageIO.New())
print(type(image).__name__)
"""
    assert run_python(code) == "itkImageF2\n"


def test_wasm_classes_are_there():
    for name in ("WasmImageIO", "WasmImageIOFactory", "WasmMeshIO", "WasmMeshIOFactory"):
        assert inspect.isclass(getattr(itk, name)), name


def test_functions_pickle_by_their_place_in_itk():
    for name in ("imread", "imwrite", "meshread", "transformread", "image_from_dict", "dict_from_mesh"):
        function = getattr(itk, name)
        assert function.__module__ == "itk.support.extras" and function.__qualname__ == name
        assert pickle.loads(pickle.dumps(function)) is function
    for function in (itk.polydata_from_dict, itk.dict_from_polydata):
        assert pickle.loads(pickle.dumps(function)) is function


def test_itk_itself_pickles(run_python):
    """As cloudpickle does it, modules by name: the plain pickle never could, for itk has modules in it."""
    code = """
import importlib, io, os, pickle, types
import itk

class Pickler(pickle.Pickler):
    def reducer_override(self, value):
        return (importlib.import_module, (value.__name__,)) if type(value) is types.ModuleType else NotImplemented

file = io.BytesIO()
Pickler(file).dump(itk)
copy = pickle.loads(file.getvalue())
assert copy.__name__ == "itk" and type(copy) is type(itk)
assert copy.imread is itk.imread and copy.polydata_from_dict is itk.polydata_from_dict
print("ok", flush=True)
os._exit(0)  # a copy of itk complains when the interpreter ends, with our wheel or without
"""
    assert run_python(code) == "ok\n"


def test_functions_work_in_another_process(tmp_path):
    import multiprocessing

    image = itk.Image[itk.UC, 2].New()
    image.SetRegions([2, 1])
    image.Allocate(True)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        (d,) = pool.map(itk.dict_from_image, [image])
    assert d["data"].tolist() == [[0, 0]]


def test_signatures():
    parameters = inspect.signature(itk.imread).parameters
    assert list(parameters) == ["filename", "pixel_type", "fallback_only", "imageio", "series_uid"]
    assert list(inspect.signature(itk.imwrite).parameters) == ["image_or_filter", "filename", "compression", "imageio"]
    assert list(inspect.signature(itk.meshread).parameters) == ["filename", "pixel_type", "fallback_only"]
    assert "directory for a DICOM image series" in itk.imread.__doc__
