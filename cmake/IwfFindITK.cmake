# Finds ITK. A build tree brings ITK's module macros, an installed ITK does not: IWF_ITK_HAS_MODULE_MACROS tells.
set(IWF_ITK_COMPONENTS ITKCommon ITKIOImageBase ITKIOMeshBase ITKIOTransformBase)
find_package(ITK 5.2 REQUIRED COMPONENTS ${IWF_ITK_COMPONENTS})

set(IWF_ITK_HAS_MODULE_MACROS OFF)
if(EXISTS "${ITK_CMAKE_DIR}/ITKModuleMacros.cmake" AND EXISTS "${ITK_DIR}/CMakeCache.txt")
  set(IWF_ITK_HAS_MODULE_MACROS ON)
  list(APPEND CMAKE_MODULE_PATH ${ITK_CMAKE_DIR})
endif()

# ITK's macros write what they generate for a module into ITK's own build tree, where the builds of two checkouts meet.
# They do so through the variable ITK_DIR, so it is pointed at a folder of this build that has copies of what they read.
option(IWF_REGISTER_IN_ITK_BUILD "Write the module's files into ITK's build tree, where find_package(ITK) finds it" OFF)
if(IWF_ITK_HAS_MODULE_MACROS AND NOT IWF_REGISTER_IN_ITK_BUILD)
  set(_own_dir "${CMAKE_BINARY_DIR}/itk")
  if(ITK_WRAP_PYTHON AND EXISTS "${ITK_DIR}/Wrapping/Typedefs")
    file(COPY "${ITK_DIR}/Wrapping/Typedefs" DESTINATION "${_own_dir}/Wrapping")
  endif()
  # The macros find ITK once more.
  configure_file("${ITK_DIR}/ITKConfigVersion.cmake" "${_own_dir}/ITKConfigVersion.cmake" COPYONLY)
  file(WRITE "${_own_dir}/ITKConfig.cmake" "include(\"${ITK_DIR}/ITKConfig.cmake\")\n")
  set(ITK_DIR "${_own_dir}")
  unset(_own_dir)
endif()

# With tests on, ITK's macros would download style checkers.
foreach(_checker CLANG_FORMAT KWSTYLE)
  set(ITK_USE_${_checker}
      OFF
      CACHE BOOL "Check the style of the source with ITK's tool")
endforeach()
