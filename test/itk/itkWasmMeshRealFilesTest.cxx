/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMeshTestUtilities.h"

// Meshes of ITK's own tests, from the folder that the environment variable IWF_ITK_DATA names: what ITK reads from our
// files must be what it reads from theirs. Needs ITK's other mesh classes, which a minimal build of ITK does not have.
#ifdef IWF_ITK_HAS_OTHER_IO

#  include "itkBYUMeshIOFactory.h"
#  include "itkFreeSurferAsciiMeshIOFactory.h"
#  include "itkFreeSurferBinaryMeshIOFactory.h"
#  include "itkOBJMeshIOFactory.h"
#  include "itkOFFMeshIOFactory.h"
#  include "itkVTKPolyDataMeshIOFactory.h"

#  include "itkMeshIOFactory.h"

#  include <cstdlib>

class WasmMeshRealFileTest : public WasmMeshTest, public testing::WithParamInterface<const char *>
{
protected:
  static void
  SetUpTestSuite()
  {
    WasmMeshTest::SetUpTestSuite();
    static const bool registered = (itk::BYUMeshIOFactory::RegisterOneFactory(),
                                    itk::FreeSurferAsciiMeshIOFactory::RegisterOneFactory(),
                                    itk::FreeSurferBinaryMeshIOFactory::RegisterOneFactory(),
                                    itk::OBJMeshIOFactory::RegisterOneFactory(),
                                    itk::OFFMeshIOFactory::RegisterOneFactory(),
                                    itk::VTKPolyDataMeshIOFactory::RegisterOneFactory(),
                                    true);
    (void)registered;
  }

  void
  SetUp() override
  {
    const char * folder = std::getenv("IWF_ITK_DATA");
    m_Original = std::string(folder == nullptr ? "" : folder) + "/" + this->GetParam();
    if (!itksys::SystemTools::FileExists(m_Original))
    {
      GTEST_SKIP() << m_Original << " is not there";
    }
    WasmMeshTest::SetUp();
  }

  template <typename TMesh>
  void
  CompareAllForms()
  {
    const auto mesh = Read<TMesh>(m_Original);
    ASSERT_GT(mesh->GetNumberOfPoints(), 0u);
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path);
      Write(mesh.GetPointer(), path);
      ExpectSameMesh<TMesh>(mesh, Read<TMesh>(path));
    }
  }

  std::string m_Original;
};

TEST_P(WasmMeshRealFileTest, IsTheSameInOurForms)
{
  const auto io = itk::MeshIOFactory::CreateMeshIO(m_Original.c_str(), itk::IOFileModeEnum::ReadMode);
  ASSERT_TRUE(io.IsNotNull());
  io->SetFileName(m_Original);
  io->ReadMeshInformation();
  if (io->GetNumberOfPointPixelComponents() == 3 || io->GetNumberOfCellPixelComponents() == 3)
  {
    this->CompareAllForms<itk::Mesh<itk::Vector<double, 3>, 3>>();
  }
  else
  {
    this->CompareAllForms<itk::Mesh<double, 3>>();
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         WasmMeshRealFileTest,
                         testing::Values("box.obj",
                                         "bunny.obj",
                                         "cube.byu",
#  if IWF_ITK_HAS_POLYLINES // else lines are cut into more cells than there are cell data
                                         "fibers.vtk",
#  endif
                                         "genusZeroSurface01.vtk",
                                         "hollow_test.vtk",
                                         "mushroom.vtk",
                                         "octa.off",
                                         "sphere.fsa",
                                         "sphere.fsb",
                                         "sphere.vtk",
                                         "sphereBinary.vtk",
                                         "sphere_curv.vtk",
                                         "sphere_norm.vtk",
                                         "tetrahedron.vtk"),
                         [](const testing::TestParamInfo<const char *> & info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

#endif
