/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMeshIO.h"

#include "itkWasmBridge.h"
#include "itkWasmMetadata.h"

#include <utility>

namespace itk
{
namespace
{
// The cell buffers of ITK and of the files are the same, type codes included.
static_assert(static_cast<int>(CellGeometryEnum::VERTEX_CELL) == IWF_CELL_VERTEX &&
                static_cast<int>(CellGeometryEnum::LINE_CELL) == IWF_CELL_LINE &&
                static_cast<int>(CellGeometryEnum::TRIANGLE_CELL) == IWF_CELL_TRIANGLE &&
                static_cast<int>(CellGeometryEnum::QUADRILATERAL_CELL) == IWF_CELL_QUADRILATERAL &&
                static_cast<int>(CellGeometryEnum::POLYGON_CELL) == IWF_CELL_POLYGON &&
                static_cast<int>(CellGeometryEnum::TETRAHEDRON_CELL) == IWF_CELL_TETRAHEDRON &&
                static_cast<int>(CellGeometryEnum::HEXAHEDRON_CELL) == IWF_CELL_HEXAHEDRON &&
                static_cast<int>(CellGeometryEnum::QUADRATIC_EDGE_CELL) == IWF_CELL_QUADRATIC_EDGE &&
                static_cast<int>(CellGeometryEnum::QUADRATIC_TRIANGLE_CELL) == IWF_CELL_QUADRATIC_TRIANGLE,
              "ITK renumbered its cell types");

/** The scalar type of the pixels of a mesh that has cell data only. ITK's meshes have one type for the data of points
 * and cells by default, so it must hold the cells' values. */
IOComponentEnum
PixelTypeForCellData(const iwf_mesh_info & info)
{
  const bool fitsFloat =
    info.cell_pixel_component_type == IWF_FLOAT32 || iwf_component_size(info.cell_pixel_component_type) < 4;
  const bool hasCellData = info.number_of_cell_pixels > 0 && info.cell_pixel_components > 0;
  return !hasCellData || fitsFloat ? IOComponentEnum::FLOAT : IOComponentEnum::DOUBLE;
}

uint64_t
PayloadBytes(const iwf_mesh_info & info, int payload)
{
  switch (payload)
  {
    case IWF_MESH_POINTS:
      return info.number_of_points * info.dimension * iwf_component_size(info.point_component_type);
    case IWF_MESH_CELLS:
      return info.cell_buffer_size * iwf_component_size(info.cell_component_type);
    case IWF_MESH_POINT_DATA:
      return info.number_of_point_pixels * info.point_pixel_components *
             iwf_component_size(info.point_pixel_component_type);
    default:
      return info.number_of_cell_pixels * info.cell_pixel_components *
             iwf_component_size(info.cell_pixel_component_type);
  }
}
} // namespace

struct WasmMeshIO::OpenFiles
{
  wasm::ReaderHandle reader;
  std::string        readerPath;
  wasm::WriterHandle writer;
  iwf_mesh_info      written; // by the writer; its text and metadata are gone
};

WasmMeshIO::WasmMeshIO()
  : m_OpenFiles(new OpenFiles())
{
  for (const char * extension : { ".iwm", ".iwm.cbor", ".iwm.cbor.zst" })
  {
    this->AddSupportedReadExtension(extension);
    this->AddSupportedWriteExtension(extension);
  }
}

WasmMeshIO::~WasmMeshIO() = default;

void
WasmMeshIO::SetPointDimension(unsigned int dimension)
{
  m_AnnouncedPointDimension = dimension;
  Superclass::SetPointDimension(dimension);
}

bool
WasmMeshIO::CanReadFile(const char * fileName)
{
  return wasm::HasSuffix(fileName, IWF_FAMILY_MESH);
}

void
WasmMeshIO::ReadMeshInformation()
{
  wasm::Call         call(*this, m_FileName);
  const unsigned int announced = std::exchange(m_AnnouncedPointDimension, 0);

  m_OpenFiles->reader.reset();
  wasm::ReaderHandle    reader = wasm::OpenReader(call, IWF_FAMILY_MESH);
  const iwf_mesh_info & info = *iwf_reader_mesh(reader.get());
  if (announced != 0 && announced != info.dimension)
  {
    call.Fail("the points have " + std::to_string(info.dimension) + " coordinates, the mesh to read them into has " +
              std::to_string(announced));
  }

  m_PointDimension = info.dimension;
  m_PointComponentType = wasm::ToIOComponent(info.point_component_type);
  m_NumberOfPoints = info.number_of_points;
  m_UpdatePoints = info.number_of_points > 0;

  m_CellComponentType = wasm::ToIOComponent(info.cell_component_type);
  m_NumberOfCells = info.number_of_cells;
  m_CellBufferSize = info.cell_buffer_size;
  m_UpdateCells = info.number_of_cells > 0 || info.cell_buffer_size > 0;

  m_UpdatePointData = info.number_of_point_pixels > 0 && info.point_pixel_components > 0;
  m_NumberOfPointPixels = m_UpdatePointData ? info.number_of_point_pixels : 0;
  m_NumberOfPointPixelComponents = m_UpdatePointData ? info.point_pixel_components : 0;
  m_PointPixelType = m_UpdatePointData ? wasm::ToIOPixel(info.point_pixel_type) : IOPixelEnum::SCALAR;
  m_PointPixelComponentType =
    m_UpdatePointData ? wasm::ToIOComponent(info.point_pixel_component_type) : PixelTypeForCellData(info);

  m_UpdateCellData = info.number_of_cell_pixels > 0 && info.cell_pixel_components > 0;
  m_NumberOfCellPixels = m_UpdateCellData ? info.number_of_cell_pixels : 0;
  m_NumberOfCellPixelComponents = m_UpdateCellData ? info.cell_pixel_components : 0;
  m_CellPixelType = m_UpdateCellData ? wasm::ToIOPixel(info.cell_pixel_type) : IOPixelEnum::SCALAR;
  m_CellPixelComponentType =
    m_UpdateCellData ? wasm::ToIOComponent(info.cell_pixel_component_type) : IOComponentEnum::FLOAT;

  this->SetObjectName(wasm::ToString(info.name));
  this->SetMetaDataDictionary(MetaDataDictionary());
  wasm::FillDictionary(info.metadata, this->GetMetaDataDictionary());

  m_OpenFiles->reader = std::move(reader);
  m_OpenFiles->readerPath = m_FileName;
}

void
WasmMeshIO::ReadPayload(int payload, void * buffer)
{
  wasm::Call   call(*this, m_FileName);
  iwf_reader * reader = m_OpenFiles->reader.get();
  if (reader == nullptr || m_OpenFiles->readerPath != m_FileName)
  {
    call.Fail("ReadMeshInformation() must come before reading points, cells and data");
  }
  const uint64_t bytes = iwf_reader_payload_bytes(reader, 0, payload);
  call.Check(iwf_reader_read(reader, 0, payload, 0, bytes, buffer, call.Error()));
  if (payload == IWF_MESH_CELLS)
  {
    call.Check(iwf_mesh_check_cells(iwf_reader_mesh(reader), buffer, call.Error()));
  }
}

void
WasmMeshIO::ReadPoints(void * buffer)
{
  this->ReadPayload(IWF_MESH_POINTS, buffer);
}

void
WasmMeshIO::ReadCells(void * buffer)
{
  this->ReadPayload(IWF_MESH_CELLS, buffer);
}

void
WasmMeshIO::ReadPointData(void * buffer)
{
  this->ReadPayload(IWF_MESH_POINT_DATA, buffer);
}

void
WasmMeshIO::ReadCellData(void * buffer)
{
  this->ReadPayload(IWF_MESH_CELL_DATA, buffer);
}

bool
WasmMeshIO::CanWriteFile(const char * fileName)
{
  return wasm::HasSuffix(fileName, IWF_FAMILY_MESH);
}

void
WasmMeshIO::WriteMeshInformation()
{
  wasm::Call call(*this, m_FileName);
  m_AnnouncedPointDimension = 0;
  m_OpenFiles->writer.reset();

  iwf_mesh_info info;
  iwf_mesh_info_init(&info);
  info.dimension = m_PointDimension;
  if (m_UpdatePoints)
  {
    info.point_component_type = wasm::FromIOComponent(m_PointComponentType, "points", call);
    info.number_of_points = m_NumberOfPoints;
  }
  if (m_UpdateCells)
  {
    info.cell_component_type = wasm::FromIOComponent(m_CellComponentType, "cells", call);
    info.number_of_cells = m_NumberOfCells;
    info.cell_buffer_size = m_CellBufferSize;
  }
  if (m_UpdatePointData)
  {
    info.point_pixel_component_type = wasm::FromIOComponent(m_PointPixelComponentType, "point data", call);
    info.point_pixel_type = wasm::FromIOPixel(m_PointPixelType);
    info.point_pixel_components = m_NumberOfPointPixelComponents;
    info.number_of_point_pixels = m_NumberOfPointPixels;
  }
  if (m_UpdateCellData)
  {
    info.cell_pixel_component_type = wasm::FromIOComponent(m_CellPixelComponentType, "cell data", call);
    info.cell_pixel_type = wasm::FromIOPixel(m_CellPixelType);
    info.cell_pixel_components = m_NumberOfCellPixelComponents;
    info.number_of_cell_pixels = m_NumberOfCellPixels;
  }
  if (!this->GetObjectName().empty())
  {
    info.name = wasm::ToText(this->GetObjectName());
  }
  const wasm::MetadataTree metadata(this->GetMetaDataDictionary());
  info.metadata = metadata.Get();

  iwf_writer * writer = nullptr;
  call.Check(iwf_writer_open_mesh(&writer, m_FileName.c_str(), &info, nullptr, call.Error()));
  m_OpenFiles->writer.reset(writer);
  m_OpenFiles->written = info;
}

void
WasmMeshIO::WritePayload(int payload, const void * buffer)
{
  wasm::Call call(*this, m_FileName);
  if (m_OpenFiles->writer == nullptr)
  {
    call.Fail("WriteMeshInformation() must come before writing points, cells and data");
  }
  iwf_status status = IWF_OK;
  if (payload == IWF_MESH_CELLS)
  {
    status = iwf_mesh_check_cells(&m_OpenFiles->written, buffer, call.Error());
  }
  if (status == IWF_OK)
  {
    const uint64_t bytes = PayloadBytes(m_OpenFiles->written, payload);
    status = iwf_writer_write(m_OpenFiles->writer.get(), 0, payload, 0, bytes, buffer, call.Error());
  }
  if (status != IWF_OK)
  {
    m_OpenFiles->writer.reset(); // rolls back now rather than with this object
  }
  call.Check(status);
}

void
WasmMeshIO::WritePoints(void * buffer)
{
  this->WritePayload(IWF_MESH_POINTS, buffer);
}

void
WasmMeshIO::WriteCells(void * buffer)
{
  this->WritePayload(IWF_MESH_CELLS, buffer);
}

void
WasmMeshIO::WritePointData(void * buffer)
{
  this->WritePayload(IWF_MESH_POINT_DATA, buffer);
}

void
WasmMeshIO::WriteCellData(void * buffer)
{
  this->WritePayload(IWF_MESH_CELL_DATA, buffer);
}

void
WasmMeshIO::Write()
{
  wasm::Call               call(*this, m_FileName);
  const wasm::WriterHandle writer = std::move(m_OpenFiles->writer);
  if (writer == nullptr)
  {
    call.Fail("WriteMeshInformation() must come before Write()");
  }
  call.Check(iwf_writer_commit(writer.get(), call.Error()));

  // MeshFileWriter only ever sets these: a next mesh that lacks something must not inherit it.
  m_UpdatePoints = false;
  m_UpdateCells = false;
  m_UpdatePointData = false;
  m_UpdateCellData = false;
}

void
WasmMeshIO::PrintSelf(std::ostream & os, Indent indent) const
{
  Superclass::PrintSelf(os, indent);
  os << indent << "Reading: " << (m_OpenFiles->reader ? m_OpenFiles->readerPath.c_str() : "(none)") << std::endl;
  os << indent << "Writing: " << (m_OpenFiles->writer ? m_FileName.c_str() : "(none)") << std::endl;
}
} // end namespace itk
