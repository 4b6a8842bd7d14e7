/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */

// Smooths a volume that need not fit into memory: smooth INPUT OUTPUT [PIECES]
//
// The pipeline works piece by piece: the writer asks the filter for one piece of the output, the filter asks the reader
// for the pixels that it needs for that, and the reader takes only these from the file. Directories (.iwi) and CBOR
// files (.iwi.cbor) can be read and written so; compressed ones (.iwi.cbor.zst) are read and written whole.

#include "itkDiscreteGaussianImageFilter.h"
#include "itkImageFileReader.h"
#include "itkImageFileWriter.h"
#include "itkWasmImageIOFactory.h"

#include <cstdlib>
#include <iostream>

int
main(int argc, char * argv[])
{
  if (argc < 3)
  {
    std::cerr << "usage: smooth INPUT OUTPUT [PIECES]" << std::endl;
    return EXIT_FAILURE;
  }
  const unsigned int pieces = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10;

  // Not needed where ITK knows the module, as in Python and in ITK builds with it.
  itk::WasmImageIOFactory::RegisterOneFactory();

  using ImageType = itk::Image<float, 3>;
  try
  {
    const auto reader = itk::ImageFileReader<ImageType>::New();
    reader->SetFileName(argv[1]);

    const auto smoothing = itk::DiscreteGaussianImageFilter<ImageType, ImageType>::New();
    smoothing->SetInput(reader->GetOutput());
    smoothing->SetVariance(2.0);
    smoothing->SetMaximumKernelWidth(9);
    smoothing->SetUseImageSpacingOff(); // the variance is in pixels

    const auto writer = itk::ImageFileWriter<ImageType>::New();
    writer->SetInput(smoothing->GetOutput());
    writer->SetFileName(argv[2]);
    writer->SetNumberOfStreamDivisions(pieces);
    writer->Update();

    const auto size = reader->GetOutput()->GetLargestPossibleRegion().GetSize();
    const auto slices = reader->GetOutput()->GetBufferedRegion().GetSize(2);
    std::cout << argv[2] << ": " << size[0] << " x " << size[1] << " x " << size[2] << ", with " << slices
              << " slices of the input in memory at a time" << std::endl;
  }
  catch (const itk::ExceptionObject & error)
  {
    std::cerr << error.GetDescription() << std::endl;
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
