/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmMeshIO_h
#define itkWasmMeshIO_h
#include "WebAssemblyInterfaceExport.h"

#include "itkMeshIOBase.h"

#include <memory>

namespace itk
{
/** \class WasmMeshIO
 *
 * \brief Read and write itk-wasm meshes: `.iwm` directories, `.iwm.cbor` and `.iwm.cbor.zst` files.
 *
 * Points are float or double of any dimension, cells of all of ITK's types, read from buffers of any integer type. Point
 * and cell data have a type and a number of components each. Point sets are meshes without cells; files that hold a
 * point set or polydata are read as meshes.
 *
 * Each buffer goes straight between the file and the memory that the caller passes. What is read is checked before it is
 * handed out: cell records tile the buffer, and point ids lie within the points.
 *
 * The metadata of a file are in this object's MetaDataDictionary after ReadMeshInformation(), and those that are there
 * are written; likewise its name and GetObjectName(). A file is complete when Write() returns; until then, and when
 * anything fails, an older file of that name stays as it is.
 *
 * \ingroup IOFilters
 * \ingroup WebAssemblyInterface
 */
class WebAssemblyInterface_EXPORT WasmMeshIO : public MeshIOBase
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmMeshIO);

  /** Standard class type aliases. */
  using Self = WasmMeshIO;
  using Superclass = MeshIOBase;
  using Pointer = SmartPointer<Self>;
  using ConstPointer = SmartPointer<const Self>;

  /** Method for creation through the object factory. */
  itkNewMacro(Self);

  /** \see LightObject::GetNameOfClass() */
#ifdef itkOverrideGetNameOfClassMacro
  itkOverrideGetNameOfClassMacro(WasmMeshIO);
#else
  itkTypeMacro(WasmMeshIO, MeshIOBase);
#endif

  /** MeshFileReader calls this before ReadMeshInformation() with the dimension of the points it has room for: a file of
   * another dimension is refused then. */
  void
  SetPointDimension(unsigned int dimension) override;

  /*-------- This part of the interfaces deals with reading data. ----- */

  /** Whether the name ends in a suffix of ours. That is all: of a file that is not there, ReadMeshInformation() says so. */
  bool
  CanReadFile(const char * fileName) override;

  /** Reads the header and keeps the file open: the Read functions below give what it held at this moment.
   *
   * Without point data, the point pixel's type is said to be a float or double scalar, whichever holds the cell data:
   * ITK's Python package chooses the type of the mesh by it. */
  void
  ReadMeshInformation() override;

  /** Reads GetNumberOfPoints() times GetPointDimension() coordinates of GetPointComponentType(). */
  void
  ReadPoints(void * buffer) override;

  /** Reads GetCellBufferSize() elements of GetCellComponentType(): of each cell its type, as a CellGeometryEnum, the
   * number of its points, and their ids. Throws when they do not fit each other or the points. */
  void
  ReadCells(void * buffer) override;

  /** Reads GetNumberOfPointPixels() times GetNumberOfPointPixelComponents() values of GetPointPixelComponentType(). */
  void
  ReadPointData(void * buffer) override;

  /** Reads GetNumberOfCellPixels() times GetNumberOfCellPixelComponents() values of GetCellPixelComponentType(). */
  void
  ReadCellData(void * buffer) override;

  /*-------- This part of the interfaces deals with writing data. ----- */

  /** Whether the name ends in a suffix of ours. */
  bool
  CanWriteFile(const char * fileName) override;

  /** Begins to write what the Update flags announce; each announced buffer must be written, in the order of the functions
   * below. */
  void
  WriteMeshInformation() override;

  void
  WritePoints(void * buffer) override;

  /** Throws when types, numbers of points and ids do not fit each other or the points, as ReadCells(). */
  void
  WriteCells(void * buffer) override;

  void
  WritePointData(void * buffer) override;

  void
  WriteCellData(void * buffer) override;

  /** Puts the file in its place, and clears the Update flags. */
  void
  Write() override;

protected:
  WasmMeshIO();
  ~WasmMeshIO() override;

  void
  PrintSelf(std::ostream & os, Indent indent) const override;

private:
  struct OpenFiles;

  void
  ReadPayload(int payload, void * buffer);

  void
  WritePayload(int payload, const void * buffer);

  std::unique_ptr<OpenFiles> m_OpenFiles;

  /** The dimension that SetPointDimension() announced since the last ReadMeshInformation(), else 0. */
  unsigned int m_AnnouncedPointDimension{ 0 };
};
} // end namespace itk

#endif // itkWasmMeshIO_h
