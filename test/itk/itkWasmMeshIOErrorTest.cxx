/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMeshTestUtilities.h"

#include "itkDefaultStaticMeshTraits.h"
#include "itkTriangleCell.h"

using Mesh = itk::Mesh<float, 3>;

namespace
{
Mesh::Pointer
Triangle(itk::IdentifierType lastId = 1)
{
  auto mesh = Mesh::New();
  AddPoints(mesh.GetPointer(), 3);
  AddCell<itk::TriangleCell<Mesh::CellType>>(mesh.GetPointer(), { 2, 0, lastId });
  return mesh;
}
} // namespace

class WasmMeshErrorTest : public WasmMeshTest
{
protected:
  /** Writes a directory of four points and these cells. */
  std::string
  WriteDirectory(const WasmMeshDirectory & directory, const std::vector<uint32_t> & cells)
  {
    const std::string path = this->Path("m.iwm");
    WriteBytes(path + "/index.json", directory.Json());
    WriteBytes(path + "/data/points.raw", Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0 }));
    WriteBytes(path + "/data/cells.raw", Raw<uint32_t>(cells));
    return path;
  }
};

TEST_F(WasmMeshErrorTest, NamesTheMissingFile)
{
  for (const std::string & path : this->Forms())
  {
    EXPECT_ITK_ERROR(Read<Mesh>(path), "WasmMeshIO", path, "open");
  }
}

TEST_F(WasmMeshErrorTest, NamesTheMissingRawFile)
{
  const std::string path = this->WriteDirectory(WasmMeshDirectory(), { 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 });
  itksys::SystemTools::RemoveFile(path + "/data/cells.raw");
  EXPECT_ITK_ERROR(Read<Mesh>(path), path, "cells.raw");
}

TEST_F(WasmMeshErrorTest, RefusesCellsThatDoNotFit)
{
  struct
  {
    std::vector<uint32_t> cells;
    const char *          message;
  } const cases[] = {
    { { 2, 3, 0, 1, 2, 2, 3, 1, 4, 2 }, "id of a point" },                // four points have no number 4
    { { 2, 3, 0, 1, 2, 2, 3, 1, 4294967295u, 2 }, "id of a point" },      //
    { { 2, 3, 0, 1, 2, 2, 4, 1, 3, 2 }, "number of points" },             // a triangle of four points
    { { 2, 3, 0, 1, 2, 4, 4, 1, 3, 2 }, "within the cell buffer" },       // one id too few
    { { 2, 3, 0, 1, 2, 4, 4294967295u, 1, 3, 2 }, "within the cell" },    //
    { { 2, 3, 0, 1, 2, 9, 3, 1, 3, 2 }, "cell type" },                    // a type that never is a cell
    { { 2, 3, 0, 1, 2, 4294967295u, 3, 1, 3, 2 }, "cell type" },          //
    { { 2, 3, 0, 1, 2, 1, 2, 1, 3, 2 }, "end of the cells" },             // one element too many
    { { 4, 8, 0, 1, 2, 3, 1, 3, 2, 2 }, "a type and a number of points" } // one cell instead of two
  };
  for (const auto & test : cases)
  {
    const std::string path = this->WriteDirectory(WasmMeshDirectory(), test.cells);
    EXPECT_ITK_ERROR(Read<Mesh>(path), "WasmMeshIO", path, test.message);
  }
}

TEST_F(WasmMeshErrorTest, RefusesCountsThatDoNotAgree)
{
  const std::vector<uint32_t> cells{ 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 };
  const auto                  expectError =
    [&](std::string WasmMeshDirectory::*member, const std::string & value, const std::string & message) {
      WasmMeshDirectory directory;
      directory.*member = value;
      const std::string path = this->WriteDirectory(directory, cells);
      EXPECT_ITK_ERROR(Read<Mesh>(path), path, message);
    };
  expectError(&WasmMeshDirectory::numberOfPoints, "5", "points.raw");
  expectError(&WasmMeshDirectory::numberOfPoints, "18446744073709551615", "numberOfPoints");
  expectError(&WasmMeshDirectory::numberOfPoints, "-1", "numberOfPoints");
  expectError(&WasmMeshDirectory::cellBufferSize, "11", "cells.raw");
  expectError(&WasmMeshDirectory::numberOfCells, "0", "cellBufferSize");
  expectError(&WasmMeshDirectory::numberOfCells, "1000", "cellBufferSize");
  expectError(&WasmMeshDirectory::cellComponentType, "float32", "cellComponentType");
  expectError(&WasmMeshDirectory::pointComponentType, "int32", "pointComponentType");
  expectError(&WasmMeshDirectory::dimension, "0", "dimension");
}

TEST_F(WasmMeshErrorTest, RefusesDataOfAnotherLength)
{
  WasmMeshDirectory directory;
  directory.pointPixelComponents = "1";
  directory.numberOfPointPixels = "4";
  const std::string path = this->WriteDirectory(directory, { 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 });
  WriteBytes(path + "/data/point-data.raw", "abc");
  EXPECT_ITK_ERROR(Read<Mesh>(path), path, "point-data.raw");
}

#if ITK_VERSION_MAJOR > 5 || ITK_VERSION_MINOR >= 4 // older readers do not say how many coordinates they have room for
TEST_F(WasmMeshErrorTest, RefusesPointsOfAnotherDimension)
{
  for (const std::string & path : this->Forms())
  {
    Write(Triangle().GetPointer(), path);
    using FlatMesh = itk::Mesh<float, 2>;
    EXPECT_ITK_ERROR(Read<FlatMesh>(path), path, "3 coordinates", "has 2");

    // That a reader asked for two coordinates is forgotten afterwards.
    const auto io = Information(path);
    EXPECT_ITK_ERROR(Read<FlatMesh>(path, io), "has 2");
    io->ReadMeshInformation();
    ExpectSameMesh<Mesh>(Triangle(), Read<Mesh>(path, io));
  }
}
#endif

TEST_F(WasmMeshErrorTest, RefusesCellsThatCouldNotBeRead)
{
  for (const std::string & path : this->Forms())
  {
    Write(Triangle().GetPointer(), path);
    const auto before = this->Contents();
    EXPECT_ITK_ERROR(Write(Triangle(3).GetPointer(), path), "WasmMeshIO", path, "id of a point", "found 3");
    EXPECT_EQ(this->Contents(), before);
  }
}

TEST_F(WasmMeshErrorTest, RefusesComponentTypesThatTheFormatHasNot)
{
  auto io = itk::WasmMeshIO::New();
  io->SetFileName(this->Path("m.iwm"));
  io->SetUpdatePointData(true);
  io->SetNumberOfPointPixels(1);
  io->SetNumberOfPointPixelComponents(1);
  io->SetPointPixelComponentType(itk::IOComponentEnum::LDOUBLE);
  EXPECT_ITK_ERROR(io->WriteMeshInformation(), this->Path("m.iwm"), "point data", "long double");
  io->SetPointPixelComponentType(itk::IOComponentEnum::UNKNOWNCOMPONENTTYPE);
  EXPECT_ITK_ERROR(io->WriteMeshInformation(), this->Path("m.iwm"), "point data", "unknown");
  EXPECT_TRUE(this->Contents().empty());
}

TEST_F(WasmMeshErrorTest, LeavesTheOldFileWhenAWriteIsGivenUp)
{
  for (const std::string & path : this->Forms())
  {
    Write(Triangle().GetPointer(), path);
    const auto before = this->Contents();
    {
      auto io = itk::WasmMeshIO::New();
      io->SetFileName(path);
      io->SetUpdatePoints(true);
      io->SetPointComponentType(itk::IOComponentEnum::FLOAT);
      io->SetNumberOfPoints(1);
      io->WriteMeshInformation();
      float point[3] = { 1, 2, 3 };
      io->WritePoints(point);
    }
    EXPECT_EQ(this->Contents(), before);
  }
}

TEST_F(WasmMeshErrorTest, RefusesAnIncompleteWrite)
{
  for (const std::string & path : this->Forms())
  {
    auto io = itk::WasmMeshIO::New();
    io->SetFileName(path);
    io->SetUpdatePoints(true);
    io->SetPointComponentType(itk::IOComponentEnum::FLOAT);
    io->SetNumberOfPoints(1);
    io->WriteMeshInformation();
    EXPECT_ITK_ERROR(io->Write(), path, "points");
    EXPECT_TRUE(this->Contents().empty());
    EXPECT_ITK_ERROR(io->Write(), path, "WriteMeshInformation() must come before");
  }
}

TEST_F(WasmMeshErrorTest, RefusesToWriteWhereItCannot)
{
  for (const char * name : { "no/m.iwm", "no/m.iwm.cbor", "no/m.iwm.cbor.zst" })
  {
    EXPECT_ITK_ERROR(Write(Triangle().GetPointer(), this->Path(name)), "WasmMeshIO", this->Path(name));
  }
  EXPECT_TRUE(this->Contents().empty());
}

TEST_F(WasmMeshErrorTest, RefusesCallsOutOfOrder)
{
  auto  io = itk::WasmMeshIO::New();
  float points[3] = { 0, 0, 0 };
  io->SetFileName(this->Path("m.iwm"));
  EXPECT_ITK_ERROR(io->ReadPoints(points), "ReadMeshInformation() must come before", this->Path("m.iwm"));
  EXPECT_ITK_ERROR(io->ReadCells(points), "ReadMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->ReadPointData(points), "ReadMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->ReadCellData(points), "ReadMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->WritePoints(points), "WriteMeshInformation() must come before", this->Path("m.iwm"));
  EXPECT_ITK_ERROR(io->WriteCells(points), "WriteMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->WritePointData(points), "WriteMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->WriteCellData(points), "WriteMeshInformation() must come before");
  EXPECT_ITK_ERROR(io->Write(), "WriteMeshInformation() must come before");

  Write(Triangle().GetPointer(), this->Path("m.iwm"));
  io->ReadMeshInformation();
  io->SetFileName(this->Path("other.iwm"));
  EXPECT_ITK_ERROR(io->ReadPoints(points), "ReadMeshInformation() must come before", this->Path("other.iwm"));
}

TEST_F(WasmMeshErrorTest, RefusesOtherFamilies)
{
  WriteBytes(this->Path("i.iwi.cbor"), "\xa0");
  EXPECT_ITK_ERROR(Information(this->Path("i.iwi.cbor")), this->Path("i.iwi.cbor"));
  auto io = itk::WasmMeshIO::New();
  io->SetFileName(this->Path("i.iwi"));
  EXPECT_ITK_ERROR(io->WriteMeshInformation(), this->Path("i.iwi"));
}

TEST_F(WasmMeshErrorTest, RefusesEveryCutFile)
{
  const std::string path = this->Path("m.iwm.cbor");
  Write(Triangle().GetPointer(), path);
  const std::string bytes = ReadBytes(path);
  for (size_t size = 0; size < bytes.size(); ++size)
  {
    WriteBytes(path, bytes.substr(0, size));
    EXPECT_ITK_ERROR(Read<Mesh>(path), path);
  }
}
