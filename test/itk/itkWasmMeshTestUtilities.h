/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmMeshTestUtilities_h
#define itkWasmMeshTestUtilities_h

#include "itkWasmMeshIO.h"
#include "itkWasmMeshIOFactory.h"
#include "itkWasmTestFolder.h"

#include "itkMesh.h"
#include "itkMeshFileReader.h"
#include "itkMeshFileWriter.h"
#include "itkVersion.h"

#include <cstring>

/** ITK 5.2 has no polylines; it reads and writes them as lines. */
#define IWF_ITK_HAS_POLYLINES (ITK_VERSION_MAJOR > 5 || ITK_VERSION_MINOR >= 3)

/** Tests of files in each of the three forms. */
class WasmMeshTest : public WasmFolderTest
{
protected:
  static void
  SetUpTestSuite()
  {
    static const bool registered = (itk::WasmMeshIOFactory::RegisterOneFactory(), true);
    (void)registered;
  }

  std::vector<std::string>
  Forms() const
  {
    return { this->Path("m.iwm"), this->Path("m.iwm.cbor"), this->Path("m.iwm.cbor.zst") };
  }

  template <typename TMesh>
  static void
  Write(const TMesh * mesh, const std::string & path, itk::MeshIOBase * io = nullptr)
  {
    auto writer = itk::MeshFileWriter<TMesh>::New();
    writer->SetInput(mesh);
    writer->SetFileName(path);
    if (io != nullptr)
    {
      writer->SetMeshIO(io);
    }
    writer->Update();
  }

  template <typename TMesh>
  static typename TMesh::Pointer
  Read(const std::string & path, itk::MeshIOBase * io = nullptr)
  {
    auto reader = itk::MeshFileReader<TMesh>::New();
    reader->SetFileName(path);
    if (io != nullptr)
    {
      reader->SetMeshIO(io);
    }
    reader->Update();
    return reader->GetOutput();
  }

  static itk::WasmMeshIO::Pointer
  Information(const std::string & path)
  {
    auto io = itk::WasmMeshIO::New();
    io->SetFileName(path);
    io->ReadMeshInformation();
    return io;
  }

  /** Numbers as the bytes of a raw file, for machines whose bytes are in the order of the files. */
  template <typename T>
  static std::string
  Raw(const std::vector<T> & numbers)
  {
    return std::string(reinterpret_cast<const char *>(numbers.data()), numbers.size() * sizeof(T));
  }
};

/** The content of index.json, and the raw files of a directory of two triangles; tests change what they need. */
struct WasmMeshDirectory
{
  std::string dimension = "3";
  std::string pointComponentType = "float32";
  std::string pointPixelComponentType = "uint8";
  std::string pointPixelComponents = "0";
  std::string cellComponentType = "uint32";
  std::string cellPixelComponentType = "uint8";
  std::string cellPixelComponents = "0";
  std::string numberOfPoints = "4";
  std::string numberOfPointPixels = "0";
  std::string numberOfCells = "2";
  std::string numberOfCellPixels = "0";
  std::string cellBufferSize = "10";

  std::string
  Json() const
  {
    return "{\"meshType\":{\"dimension\":" + dimension + ",\"pointComponentType\":\"" + pointComponentType +
           "\",\"pointPixelComponentType\":\"" + pointPixelComponentType +
           "\",\"pointPixelType\":\"Scalar\",\"pointPixelComponents\":" + pointPixelComponents +
           ",\"cellComponentType\":\"" + cellComponentType + "\",\"cellPixelComponentType\":\"" +
           cellPixelComponentType + "\",\"cellPixelType\":\"Scalar\",\"cellPixelComponents\":" + cellPixelComponents +
           "},\"numberOfPoints\":" + numberOfPoints +
           ",\"points\":\"data:application/vnd.itk.path,data/points.raw\",\"numberOfPointPixels\":" +
           numberOfPointPixels +
           ",\"pointData\":\"data:application/vnd.itk.path,data/point-data.raw\",\"numberOfCells\":" + numberOfCells +
           ",\"cells\":\"data:application/vnd.itk.path,data/cells.raw\",\"cellBufferSize\":" + cellBufferSize +
           ",\"numberOfCellPixels\":" + numberOfCellPixels +
           ",\"cellData\":\"data:application/vnd.itk.path,data/cell-data.raw\"}";
  }
};

/** Expects two meshes of one type to have the same points, cells and data. */
template <typename TMesh>
void
ExpectSameMesh(const TMesh * expected, const TMesh * actual)
{
  ASSERT_EQ(expected->GetNumberOfPoints(), actual->GetNumberOfPoints());
  for (itk::IdentifierType id = 0; id < expected->GetNumberOfPoints(); ++id)
  {
    ASSERT_EQ(expected->GetPoint(id), actual->GetPoint(id)) << "point " << id;
  }

  ASSERT_EQ(expected->GetNumberOfCells(), actual->GetNumberOfCells());
  for (itk::IdentifierType id = 0; id < expected->GetNumberOfCells(); ++id)
  {
    typename TMesh::CellAutoPointer one;
    typename TMesh::CellAutoPointer other;
    ASSERT_TRUE(expected->GetCell(id, one));
    ASSERT_TRUE(actual->GetCell(id, other));
    ASSERT_EQ(one->GetType(), other->GetType()) << "cell " << id;
    const auto ids = one->GetPointIdsContainer();
    const auto otherIds = other->GetPointIdsContainer();
    ASSERT_EQ(ids.Size(), otherIds.Size()) << "cell " << id;
    for (unsigned int i = 0; i < ids.Size(); ++i)
    {
      ASSERT_EQ(ids[i], otherIds[i]) << "cell " << id;
    }
  }

  const auto * pointData = expected->GetPointData();
  const auto * cellData = expected->GetCellData();
  const auto   size = [](const auto * data) { return data == nullptr ? 0 : data->Size(); };
  ASSERT_EQ(size(pointData), size(actual->GetPointData()));
  for (itk::IdentifierType id = 0; id < size(pointData); ++id)
  {
    ASSERT_EQ(pointData->ElementAt(id), actual->GetPointData()->ElementAt(id)) << "data of point " << id;
  }
  ASSERT_EQ(size(cellData), size(actual->GetCellData()));
  for (itk::IdentifierType id = 0; id < size(cellData); ++id)
  {
    ASSERT_EQ(cellData->ElementAt(id), actual->GetCellData()->ElementAt(id)) << "data of cell " << id;
  }
}

/** Adds a cell; its type is a class derived from itk::CellInterface. */
template <typename TCell, typename TMesh>
void
AddCell(TMesh * mesh, const std::vector<itk::IdentifierType> & ids)
{
  typename TMesh::CellAutoPointer cell;
  cell.TakeOwnership(new TCell);
  for (unsigned int i = 0; i < ids.size(); ++i)
  {
    cell->SetPointId(i, ids[i]);
  }
  mesh->SetCell(mesh->GetNumberOfCells(), cell);
}

/** Points that are exact in float and all different. */
template <typename TMesh>
void
AddPoints(TMesh * mesh, unsigned int count)
{
  for (unsigned int id = 0; id < count; ++id)
  {
    typename TMesh::PointType point;
    for (unsigned int axis = 0; axis < TMesh::PointDimension; ++axis)
    {
      point[axis] = 0.25 * id + 100 * axis - 7;
    }
    mesh->SetPoint(id, point);
  }
}

#endif
