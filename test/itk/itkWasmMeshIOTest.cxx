/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMeshTestUtilities.h"

#include "itkDefaultStaticMeshTraits.h"
#include "itkHexahedronCell.h"
#include "itkLineCell.h"
#include "itkMetaDataObject.h"
#include "itkPolygonCell.h"
#include "itkQuadraticEdgeCell.h"
#include "itkQuadraticTriangleCell.h"
#include "itkQuadrilateralCell.h"
#include "itkTetrahedronCell.h"
#include "itkTriangleCell.h"
#include "itkVertexCell.h"
#if IWF_ITK_HAS_POLYLINES
#  include "itkPolyLineCell.h"
#endif

#include <array>

using FloatMesh = itk::Mesh<float, 3>;

namespace
{
FloatMesh::Pointer
MeshOfEveryCellType()
{
  using Cell = FloatMesh::CellType;
  auto mesh = FloatMesh::New();
  AddPoints(mesh.GetPointer(), 9);
  AddCell<itk::VertexCell<Cell>>(mesh.GetPointer(), { 4 });
  AddCell<itk::LineCell<Cell>>(mesh.GetPointer(), { 0, 8 });
  AddCell<itk::TriangleCell<Cell>>(mesh.GetPointer(), { 0, 1, 2 });
  AddCell<itk::QuadrilateralCell<Cell>>(mesh.GetPointer(), { 3, 2, 1, 0 });
  AddCell<itk::PolygonCell<Cell>>(mesh.GetPointer(), { 0, 1, 2, 3, 4 });
  AddCell<itk::TetrahedronCell<Cell>>(mesh.GetPointer(), { 5, 6, 7, 8 });
  AddCell<itk::HexahedronCell<Cell>>(mesh.GetPointer(), { 0, 1, 2, 3, 4, 5, 6, 7 });
  AddCell<itk::QuadraticEdgeCell<Cell>>(mesh.GetPointer(), { 0, 1, 2 });
  AddCell<itk::QuadraticTriangleCell<Cell>>(mesh.GetPointer(), { 0, 1, 2, 3, 4, 5 });
#if IWF_ITK_HAS_POLYLINES
  AddCell<itk::PolyLineCell<Cell>>(mesh.GetPointer(), { 8, 0, 7, 1 });
#endif
  return mesh;
}

FloatMesh::Pointer
Triangle()
{
  auto mesh = FloatMesh::New();
  AddPoints(mesh.GetPointer(), 3);
  AddCell<itk::TriangleCell<FloatMesh::CellType>>(mesh.GetPointer(), { 2, 0, 1 });
  return mesh;
}
} // namespace

TEST_F(WasmMeshTest, KeepsEveryCellType)
{
  const auto mesh = MeshOfEveryCellType();
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    ExpectSameMesh<FloatMesh>(mesh, Read<FloatMesh>(path));
  }
}

TEST_F(WasmMeshTest, WritesCellsAsUnsigned64)
{
  Write(Triangle().GetPointer(), this->Path("m.iwm"));
  EXPECT_EQ(ReadBytes(this->Path("m.iwm/data/cells.raw")), Raw<uint64_t>({ 2, 3, 2, 0, 1 }));
}

TEST_F(WasmMeshTest, LeavesCellsThatItkSplitsToItk)
{
  // A line of three points becomes two lines, a polygon of three points a triangle.
  WasmMeshDirectory directory;
  WriteBytes(this->Path("m.iwm/index.json"), directory.Json());
  WriteBytes(this->Path("m.iwm/data/points.raw"), Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0 }));
  WriteBytes(this->Path("m.iwm/data/cells.raw"), Raw<uint32_t>({ 1, 3, 0, 1, 2, 4, 3, 1, 3, 2 }));
  const auto mesh = Read<FloatMesh>(this->Path("m.iwm"));

  auto expected = FloatMesh::New();
  expected->SetPoints(mesh->GetPoints());
  AddCell<itk::LineCell<FloatMesh::CellType>>(expected.GetPointer(), { 0, 1 });
  AddCell<itk::LineCell<FloatMesh::CellType>>(expected.GetPointer(), { 1, 2 });
  AddCell<itk::TriangleCell<FloatMesh::CellType>>(expected.GetPointer(), { 1, 3, 2 });
  ExpectSameMesh<FloatMesh>(expected, mesh);
}

template <typename TMesh>
class WasmMeshPointsTest : public WasmMeshTest
{};

template <typename TCoordinate, unsigned int VDimension>
using PointsMesh =
  itk::Mesh<float, VDimension, itk::DefaultStaticMeshTraits<float, VDimension, VDimension, TCoordinate, TCoordinate>>;

using PointsMeshes = testing::Types<PointsMesh<float, 2>, PointsMesh<double, 3>, PointsMesh<double, 5>>;
TYPED_TEST_SUITE(WasmMeshPointsTest, PointsMeshes);

TYPED_TEST(WasmMeshPointsTest, KeepsTypeAndDimension)
{
  const auto mesh = TypeParam::New();
  AddPoints(mesh.GetPointer(), 5);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->Write(mesh.GetPointer(), path);
    const auto io = this->Information(path);
    EXPECT_EQ(io->GetPointDimension(), TypeParam::PointDimension);
    EXPECT_EQ(io->GetPointComponentType(),
              itk::MeshIOBase::MapComponentType<typename TypeParam::PointType::ValueType>::CType);
    EXPECT_EQ(io->GetNumberOfCells(), 0u); // a point set
    EXPECT_FALSE(io->GetUpdateCells());
    ExpectSameMesh<TypeParam>(mesh, this->template Read<TypeParam>(path));
  }
}

template <typename TTypes>
class WasmMeshDataTest : public WasmMeshTest
{};

template <typename TPointPixel, typename TCellPixel>
using DataMesh = itk::Mesh<TPointPixel, 3, itk::DefaultStaticMeshTraits<TPointPixel, 3, 3, float, float, TCellPixel>>;

using DataMeshes =
  testing::Types<DataMesh<unsigned char, double>, DataMesh<double, short>, DataMesh<float, unsigned long>>;
TYPED_TEST_SUITE(WasmMeshDataTest, DataMeshes);

TYPED_TEST(WasmMeshDataTest, KeepsPointAndCellDataEachWithItsType)
{
  using PointPixel = typename TypeParam::PixelType;
  using CellPixel = typename TypeParam::CellPixelType;
  const auto mesh = TypeParam::New();
  AddPoints(mesh.GetPointer(), 4);
  AddCell<itk::TriangleCell<typename TypeParam::CellType>>(mesh.GetPointer(), { 0, 1, 2 });
  AddCell<itk::TriangleCell<typename TypeParam::CellType>>(mesh.GetPointer(), { 1, 2, 3 });
  AddCell<itk::LineCell<typename TypeParam::CellType>>(mesh.GetPointer(), { 1, 2 });
  for (unsigned int id = 0; id < 4; ++id)
  {
    mesh->SetPointData(id, static_cast<PointPixel>(std::numeric_limits<PointPixel>::max() - id));
  }
  for (unsigned int id = 0; id < 3; ++id)
  {
    mesh->SetCellData(id, static_cast<CellPixel>(std::numeric_limits<CellPixel>::lowest() + id));
  }
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    this->Write(mesh.GetPointer(), path);
    const auto io = this->Information(path);
    EXPECT_EQ(io->GetNumberOfPointPixels(), 4u);
    EXPECT_EQ(io->GetNumberOfCellPixels(), 3u);
    EXPECT_EQ(io->GetComponentSize(io->GetPointPixelComponentType()), sizeof(PointPixel));
    EXPECT_EQ(io->GetComponentSize(io->GetCellPixelComponentType()), sizeof(CellPixel));
    ExpectSameMesh<TypeParam>(mesh, this->template Read<TypeParam>(path));
  }
}

TEST_F(WasmMeshTest, KeepsRgbAndVectorData)
{
  using Mesh = DataMesh<itk::RGBPixel<unsigned char>, itk::Vector<double, 2>>;
  auto mesh = Mesh::New();
  AddPoints(mesh.GetPointer(), 2);
  AddCell<itk::LineCell<Mesh::CellType>>(mesh.GetPointer(), { 0, 1 });
  itk::RGBPixel<unsigned char> color;
  color.Set(1, 2, 3);
  mesh->SetPointData(0, color);
  color.Set(253, 254, 255);
  mesh->SetPointData(1, color);
  itk::Vector<double, 2> vector;
  vector[0] = -1.5;
  vector[1] = 1e300;
  mesh->SetCellData(0, vector);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    EXPECT_EQ(Information(path)->GetPointPixelType(), itk::IOPixelEnum::RGB);
    EXPECT_EQ(Information(path)->GetCellPixelType(), itk::IOPixelEnum::VECTOR);
    ExpectSameMesh<Mesh>(mesh, Read<Mesh>(path));
  }
}

TEST_F(WasmMeshTest, KeepsVectorsOfVariableLength)
{
  using Pixel = itk::VariableLengthVector<float>;
  using Mesh = itk::Mesh<Pixel, 3>;
  auto mesh = Mesh::New();
  AddPoints(mesh.GetPointer(), 2);
  for (unsigned int id = 0; id < 2; ++id)
  {
    Pixel pixel(5);
    pixel.Fill(id + 0.5f);
    pixel[4] = -3;
    mesh->SetPointData(id, pixel);
  }
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    EXPECT_EQ(Information(path)->GetPointPixelType(), itk::IOPixelEnum::VARIABLELENGTHVECTOR);
    EXPECT_EQ(Information(path)->GetNumberOfPointPixelComponents(), 5u);
    const auto read = Read<Mesh>(path);
    const auto data = read->GetPointData();
    ASSERT_EQ(data->Size(), 2u);
    EXPECT_EQ(data->ElementAt(0), mesh->GetPointData()->ElementAt(0));
    EXPECT_EQ(data->ElementAt(1), mesh->GetPointData()->ElementAt(1));
  }
}

namespace
{
/** Writes two points with data by the IO's own functions. */
void
WritePointsWithData(const std::string &  path,
                    itk::IOPixelEnum     pixelType,
                    itk::IOComponentEnum componentType,
                    unsigned int         components,
                    const std::string &  data)
{
  float points[6] = { 1, 2, 3, 4, 5, 6 };
  auto  io = itk::WasmMeshIO::New();
  io->SetFileName(path);
  io->SetUpdatePoints(true);
  io->SetPointComponentType(itk::IOComponentEnum::FLOAT);
  io->SetPointDimension(3);
  io->SetNumberOfPoints(2);
  io->SetUpdatePointData(true);
  io->SetNumberOfPointPixels(2);
  io->SetPointPixelType(pixelType);
  io->SetPointPixelComponentType(componentType);
  io->SetNumberOfPointPixelComponents(components);
  io->WriteMeshInformation();
  io->WritePoints(points);
  io->WritePointData(const_cast<char *>(data.data()));
  io->Write();
}
} // namespace

TEST_F(WasmMeshTest, KeepsEveryPixelType)
{
  const std::string data = "twenty-four bytes, quite";
  for (int type = static_cast<int>(itk::IOPixelEnum::SCALAR);
       type <= static_cast<int>(itk::IOPixelEnum::VARIABLESIZEMATRIX);
       ++type)
  {
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path + " " + std::to_string(type));
      WritePointsWithData(path, static_cast<itk::IOPixelEnum>(type), itk::IOComponentEnum::SHORT, 6, data);
      const auto io = Information(path);
      EXPECT_EQ(static_cast<int>(io->GetPointPixelType()), type);
      EXPECT_EQ(io->GetPointPixelComponentType(), itk::IOComponentEnum::SHORT);
      ASSERT_EQ(io->GetNumberOfPointPixelComponents(), 6u);
      ASSERT_EQ(io->GetNumberOfPointPixels(), 2u);
      std::string read(data.size(), ' ');
      io->ReadPointData(&read[0]);
      EXPECT_EQ(read, data);
    }
  }
}

TEST_F(WasmMeshTest, KeepsEveryComponentType)
{
  for (int type = static_cast<int>(itk::IOComponentEnum::UCHAR); type <= static_cast<int>(itk::IOComponentEnum::DOUBLE);
       ++type)
  {
    const auto         componentType = static_cast<itk::IOComponentEnum>(type);
    const unsigned int size = itk::WasmMeshIO::New()->GetComponentSize(componentType);
    const std::string  data = std::string("2 x 1 x 8 bytes.").substr(0, 2 * size);
    for (const std::string & path : this->Forms())
    {
      SCOPED_TRACE(path + " " + std::to_string(type));
      WritePointsWithData(path, itk::IOPixelEnum::SCALAR, componentType, 1, data);
      const auto io = Information(path);
      if (componentType == itk::IOComponentEnum::LONG || componentType == itk::IOComponentEnum::ULONG)
      {
        EXPECT_EQ(io->GetComponentSize(io->GetPointPixelComponentType()), size); // long long means the same
      }
      else
      {
        EXPECT_EQ(io->GetPointPixelComponentType(), componentType);
      }
      std::string read(data.size(), ' ');
      io->ReadPointData(&read[0]);
      EXPECT_EQ(read, data);
    }
  }
}

template <typename T>
class WasmMeshCellComponentTest : public WasmMeshTest
{};

using IntegerTypes = testing::Types<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t>;
TYPED_TEST_SUITE(WasmMeshCellComponentTest, IntegerTypes);

TYPED_TEST(WasmMeshCellComponentTest, IsRead)
{
  WasmMeshDirectory directory;
  directory.cellComponentType =
    (std::is_signed<TypeParam>::value ? "int" : "uint") + std::to_string(8 * sizeof(TypeParam));
  this->WriteBytes(this->Path("m.iwm/index.json"), directory.Json());
  this->WriteBytes(this->Path("m.iwm/data/points.raw"),
                   this->template Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0 }));
  this->WriteBytes(this->Path("m.iwm/data/cells.raw"), this->template Raw<TypeParam>({ 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 }));
  const auto mesh = this->template Read<FloatMesh>(this->Path("m.iwm"));

  auto expected = FloatMesh::New();
  expected->SetPoints(mesh->GetPoints());
  AddCell<itk::TriangleCell<FloatMesh::CellType>>(expected.GetPointer(), { 0, 1, 2 });
  AddCell<itk::TriangleCell<FloatMesh::CellType>>(expected.GetPointer(), { 1, 3, 2 });
  ExpectSameMesh<FloatMesh>(expected, mesh);
}

TEST_F(WasmMeshTest, KeepsDataThatAreNotOneForEachPointAndCell)
{
  // As ITK's OBJ reader makes it: normals belong to corners.
  auto mesh = Triangle();
  for (unsigned int id = 0; id < 5; ++id)
  {
    mesh->SetPointData(id, 0.5f * id);
    mesh->SetCellData(id, -0.5f * id);
  }
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    ExpectSameMesh<FloatMesh>(mesh, Read<FloatMesh>(path));
  }
}

TEST_F(WasmMeshTest, SaysFloatWhereThereIsNoPointData)
{
  // What other writers store for unused data, ITK's Python package has no mesh type for.
  WasmMeshDirectory directory;
  for (const char * type : { "int8", "uint8", "float32", "int64" })
  {
    directory.pointPixelComponentType = type;
    directory.cellPixelComponentType = type;
    WriteBytes(this->Path("m.iwm/index.json"), directory.Json());
    WriteBytes(this->Path("m.iwm/data/points.raw"), Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0 }));
    WriteBytes(this->Path("m.iwm/data/cells.raw"), Raw<uint32_t>({ 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 }));
    const auto io = Information(this->Path("m.iwm"));
    EXPECT_EQ(io->GetPointPixelComponentType(), itk::IOComponentEnum::FLOAT) << type;
    EXPECT_EQ(io->GetPointPixelType(), itk::IOPixelEnum::SCALAR) << type;
    EXPECT_FALSE(io->GetUpdatePointData()) << type;
    EXPECT_FALSE(io->GetUpdateCellData()) << type;
    EXPECT_EQ(Read<FloatMesh>(this->Path("m.iwm"))->GetNumberOfCells(), 2u) << type;
  }
}

TEST_F(WasmMeshTest, WritesFloatWhereThereIsNoData)
{
  Write(Triangle().GetPointer(), this->Path("m.iwm"));
  const std::string json = ReadBytes(this->Path("m.iwm/index.json"));
  std::string       packed;
  std::copy_if(json.begin(), json.end(), std::back_inserter(packed), [](char c) { return c > ' '; });
  for (const char * part : { "\"pointPixelComponentType\":\"float32\"",
                             "\"pointPixelType\":\"Scalar\"",
                             "\"pointPixelComponents\":0",
                             "\"cellPixelComponentType\":\"float32\"",
                             "\"cellPixelType\":\"Scalar\"",
                             "\"cellPixelComponents\":0" })
  {
    EXPECT_NE(packed.find(part), std::string::npos) << part << " is not in " << packed;
  }
}

TEST_F(WasmMeshTest, SaysTheTypeThatHoldsTheCellDataWhereThereIsNoPointData)
{
  using Mesh = DataMesh<float, double>;
  auto mesh = Mesh::New();
  AddPoints(mesh.GetPointer(), 2);
  AddCell<itk::LineCell<Mesh::CellType>>(mesh.GetPointer(), { 0, 1 });
  mesh->SetCellData(0, 1e300);
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    EXPECT_EQ(Information(path)->GetPointPixelComponentType(), itk::IOComponentEnum::DOUBLE);
    const auto read = Read<itk::Mesh<double, 3>>(path);
    EXPECT_EQ(read->GetCellData()->ElementAt(0), 1e300);
    EXPECT_TRUE(read->GetPointData() == nullptr || read->GetPointData()->Size() == 0);
  }
}

TEST_F(WasmMeshTest, KeepsAMeshOfNothing)
{
  const auto mesh = FloatMesh::New();
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(mesh.GetPointer(), path);
    ExpectSameMesh<FloatMesh>(mesh, Read<FloatMesh>(path));
  }
}

TEST_F(WasmMeshTest, ReadsPointSets)
{
  WriteBytes(this->Path("m.iwm/index.json"),
             "{\"pointSetType\":{\"dimension\":2,\"pointComponentType\":\"float64\",\"pointPixelComponentType\":"
             "\"uint8\",\"pointPixelType\":\"Scalar\",\"pointPixelComponents\":1},\"name\":\"PointSet\","
             "\"numberOfPoints\":2,\"points\":\"data:application/vnd.itk.path,data/points.raw\","
             "\"numberOfPointPixels\":2,\"pointData\":\"data:application/vnd.itk.path,data/point-data.raw\"}");
  WriteBytes(this->Path("m.iwm/data/points.raw"), Raw<double>({ 1, 2, 3, 4 }));
  WriteBytes(this->Path("m.iwm/data/point-data.raw"), Raw<uint8_t>({ 7, 9 }));
  using Mesh = itk::Mesh<unsigned char, 2>;
  const auto mesh = Read<Mesh>(this->Path("m.iwm"));
  ASSERT_EQ(mesh->GetNumberOfPoints(), 2u);
  EXPECT_EQ(mesh->GetPoint(1)[0], 3);
  EXPECT_EQ(mesh->GetPointData()->ElementAt(1), 9);
  EXPECT_EQ(mesh->GetNumberOfCells(), 0u);
}

TEST_F(WasmMeshTest, ReadsPolyData)
{
  WriteBytes(this->Path("m.iwm/index.json"),
             "{\"polyDataType\":{\"pointPixelComponentType\":\"float32\",\"pointPixelType\":\"Scalar\","
             "\"pointPixelComponents\":1,\"cellPixelComponentType\":\"float32\",\"cellPixelType\":\"Scalar\","
             "\"cellPixelComponents\":1},\"name\":\"PolyData\",\"numberOfPoints\":5,"
             "\"points\":\"data:application/vnd.itk.path,data/points.raw\",\"verticesBufferSize\":2,"
             "\"vertices\":\"data:application/vnd.itk.path,data/vertices.raw\",\"linesBufferSize\":3,"
             "\"lines\":\"data:application/vnd.itk.path,data/lines.raw\",\"polygonsBufferSize\":9,"
             "\"polygons\":\"data:application/vnd.itk.path,data/polygons.raw\",\"triangleStripsBufferSize\":0,"
             "\"triangleStrips\":\"data:application/vnd.itk.path,data/triangleStrips.raw\",\"numberOfPointPixels\":0,"
             "\"pointData\":\"data:application/vnd.itk.path,data/pointData.raw\",\"numberOfCellPixels\":0,"
             "\"cellData\":\"data:application/vnd.itk.path,data/cellData.raw\",\"metadata\":[]}");
  WriteBytes(this->Path("m.iwm/data/points.raw"), Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 2, 2, 2 }));
  WriteBytes(this->Path("m.iwm/data/vertices.raw"), Raw<uint32_t>({ 1, 4 }));
  WriteBytes(this->Path("m.iwm/data/lines.raw"), Raw<uint32_t>({ 2, 0, 4 }));
  WriteBytes(this->Path("m.iwm/data/polygons.raw"), Raw<uint32_t>({ 3, 0, 1, 2, 4, 0, 1, 3, 2 }));
  const auto mesh = Read<FloatMesh>(this->Path("m.iwm"));

  auto expected = FloatMesh::New();
  expected->SetPoints(mesh->GetPoints());
  AddCell<itk::VertexCell<FloatMesh::CellType>>(expected.GetPointer(), { 4 });
  AddCell<itk::LineCell<FloatMesh::CellType>>(expected.GetPointer(), { 0, 4 });
  AddCell<itk::TriangleCell<FloatMesh::CellType>>(expected.GetPointer(), { 0, 1, 2 });
  AddCell<itk::QuadrilateralCell<FloatMesh::CellType>>(expected.GetPointer(), { 0, 1, 3, 2 });
  ExpectSameMesh<FloatMesh>(expected, mesh);
}

TEST_F(WasmMeshTest, ReadsTheRawNamesOfOlderWriters)
{
  WasmMeshDirectory directory;
  directory.pointPixelComponents = "1";
  directory.numberOfPointPixels = "4";
  std::string json = directory.Json();
  json.replace(json.find("point-data.raw"), 14, "pointData.raw");
  WriteBytes(this->Path("m.iwm/index.json"), json);
  WriteBytes(this->Path("m.iwm/data/points.raw"), Raw<float>({ 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0 }));
  WriteBytes(this->Path("m.iwm/data/cells.raw"), Raw<uint32_t>({ 2, 3, 0, 1, 2, 2, 3, 1, 3, 2 }));
  WriteBytes(this->Path("m.iwm/data/pointData.raw"), Raw<uint8_t>({ 5, 6, 7, 8 }));
  EXPECT_EQ(Read<FloatMesh>(this->Path("m.iwm"))->GetPointData()->ElementAt(3), 8);
}

TEST_F(WasmMeshTest, KeepsMetadataAndName)
{
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    auto written = itk::WasmMeshIO::New();
    itk::EncapsulateMetaData<std::string>(written->GetMetaDataDictionary(), "subject", "Zoë");
    itk::EncapsulateMetaData<double>(written->GetMetaDataDictionary(), "age", 4.5);
    itk::EncapsulateMetaData<bool>(written->GetMetaDataDictionary(), "closed", true);
    written->SetObjectName("left kidney");
    Write(Triangle().GetPointer(), path, written);

    const auto  io = Information(path);
    std::string subject;
    double      age = 0;
    bool        closed = false;
    EXPECT_TRUE(itk::ExposeMetaData(io->GetMetaDataDictionary(), "subject", subject));
    EXPECT_TRUE(itk::ExposeMetaData(io->GetMetaDataDictionary(), "age", age));
    EXPECT_TRUE(itk::ExposeMetaData(io->GetMetaDataDictionary(), "closed", closed));
    EXPECT_EQ(subject, "Zoë");
    EXPECT_EQ(age, 4.5);
    EXPECT_TRUE(closed);
    if (path == this->Path("m.iwm"))
    {
      EXPECT_EQ(io->GetObjectName(), "left kidney");
    }
  }
}

TEST_F(WasmMeshTest, ForgetsTheMetadataOfThePreviousFile)
{
  auto io = itk::WasmMeshIO::New();
  itk::EncapsulateMetaData<double>(io->GetMetaDataDictionary(), "age", 4.5);
  Write(Triangle().GetPointer(), this->Path("with.iwm"), io);
  Write(Triangle().GetPointer(), this->Path("without.iwm"));
  const auto reader = Information(this->Path("with.iwm"));
  EXPECT_TRUE(reader->GetMetaDataDictionary().HasKey("age"));
  reader->SetFileName(this->Path("without.iwm"));
  reader->ReadMeshInformation();
  EXPECT_FALSE(reader->GetMetaDataDictionary().HasKey("age"));
}

TEST_F(WasmMeshTest, WritesMeshesOneAfterTheOtherWithOneIO)
{
  using Mesh = itk::Mesh<float, 3>;
  auto rich = MeshOfEveryCellType();
  for (unsigned int id = 0; id < 9; ++id)
  {
    rich->SetPointData(id, id);
  }
  auto poor = Mesh::New();
  AddPoints(poor.GetPointer(), 2);

  auto io = itk::WasmMeshIO::New();
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(rich.GetPointer(), path, io);
    ExpectSameMesh<Mesh>(rich, Read<Mesh>(path));
    Write(poor.GetPointer(), path, io);
    ExpectSameMesh<Mesh>(poor, Read<Mesh>(path));
  }
}

TEST_F(WasmMeshTest, WritesTheSameBytesForTheSameMesh)
{
  for (const std::string & path : this->Forms())
  {
    Write(MeshOfEveryCellType().GetPointer(), path);
  }
  const auto first = this->Contents();
  for (const std::string & path : this->Forms())
  {
    Write(MeshOfEveryCellType().GetPointer(), path);
  }
  EXPECT_EQ(this->Contents(), first);
}

TEST_F(WasmMeshTest, ReadsWhatTheFileWasWhenItsInformationWasRead)
{
  for (const std::string & path : this->Forms())
  {
    SCOPED_TRACE(path);
    Write(Triangle().GetPointer(), path);
    const auto io = Information(path);
    Write(MeshOfEveryCellType().GetPointer(), path);
    std::array<uint64_t, 5> cells{};
    ASSERT_EQ(io->GetCellBufferSize(), cells.size());
    io->ReadCells(cells.data());
    EXPECT_EQ(cells, (std::array<uint64_t, 5>{ { 2, 3, 2, 0, 1 } }));
  }
}

TEST_F(WasmMeshTest, DecidesByTheSuffix)
{
  auto io = itk::WasmMeshIO::New();
  for (const char * name : { "a.iwm", "a.iwm.cbor", "a.iwm.cbor.zst", "a.iwm/" })
  {
    EXPECT_TRUE(io->CanWriteFile(name)) << name;
    EXPECT_TRUE(io->CanReadFile(name)) << name;
  }
  for (const char * name : { "a.iwi", "a.iwt.cbor", "a.iwm.bak", "a.iwm.zst", "a.vtk", "iwm", "" })
  {
    EXPECT_FALSE(io->CanWriteFile(name)) << name;
    EXPECT_FALSE(io->CanReadFile(name)) << name;
  }
  EXPECT_FALSE(io->CanReadFile(nullptr));
  EXPECT_FALSE(io->CanWriteFile(nullptr));
  EXPECT_EQ(io->GetSupportedReadExtensions().size(), 3u);
  EXPECT_EQ(io->GetSupportedWriteExtensions().size(), 3u);

  Write(Triangle().GetPointer(), this->Path("a.iwm"));
  ExpectSameMesh<FloatMesh>(Triangle(), Read<FloatMesh>(this->Path("a.iwm/")));
}

TEST_F(WasmMeshTest, PrintsNothingButWhatIsAskedFor)
{
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const std::string & path : this->Forms())
  {
    Write(MeshOfEveryCellType().GetPointer(), path);
    Read<FloatMesh>(path);
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  std::ostringstream text;
  Information(this->Path("m.iwm"))->Print(text);
  EXPECT_NE(text.str().find("Reading: " + this->Path("m.iwm")), std::string::npos) << text.str();
  text.str("");
  itk::WasmMeshIOFactory::New()->Print(text);
  EXPECT_NE(text.str().find("WasmMeshIOFactory"), std::string::npos);
}
