/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkObject.h"

#include <gtest/gtest.h>

int
main(int argc, char ** argv)
{
  testing::InitGoogleTest(&argc, argv);
  itk::Object::SetGlobalWarningDisplay(true); // what ITK prints is part of what is tested
  return RUN_ALL_TESTS();
}
