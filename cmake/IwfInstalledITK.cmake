# The module as a plain library, for an installed ITK: the quick way to work on the C++ classes and their tests.
include(GenerateExportHeader)
# ITK's readers would include a generated list of all factories, which is not generated where there are none.
set(ITK_NO_IO_FACTORY_REGISTER_MANAGER ON)
include(${ITK_USE_FILE})
# The classes may be called with any build of this tree; ITK 5.2's own flags know no C standard.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

macro(itk_module_add_library name)
  add_library(${name} ${ARGN})
  target_link_libraries(${name} LINK_PUBLIC ${ITK_LIBRARIES})
  generate_export_header(
    ${name}
    EXPORT_FILE_NAME
    "${CMAKE_CURRENT_BINARY_DIR}/${name}Export.h"
    EXPORT_MACRO_NAME
    ${name}_EXPORT
    STATIC_DEFINE
    ITK_STATIC)
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${CMAKE_CURRENT_BINARY_DIR}")
endmacro()

if(BUILD_TESTING)
  enable_testing()
endif()
add_subdirectory(src)
if(BUILD_TESTING)
  add_subdirectory(test)
endif()
