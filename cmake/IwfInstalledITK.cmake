# The module as a plain library, for an installed ITK: the quick way to work on the C++ classes and their tests, and the
# way for C++ users of such an ITK, who find it with find_package(WebAssemblyInterface).
include(GenerateExportHeader)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
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
  target_include_directories(
    ${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<BUILD_INTERFACE:${CMAKE_CURRENT_BINARY_DIR}>"
                   "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/${name}>")
  iwf_install_module(${name})
endmacro()

function(iwf_install_module name)
  set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/${name}")
  install(TARGETS ${name} EXPORT ${name}Targets)
  install(EXPORT ${name}Targets DESTINATION ${package_dir})
  install(
    DIRECTORY "${PROJECT_SOURCE_DIR}/include/" "${CMAKE_CURRENT_BINARY_DIR}/"
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${name}
    FILES_MATCHING
    PATTERN "itkWasm*.h"
    PATTERN "${name}Export.h"
    PATTERN "iwf" EXCLUDE
    PATTERN "CMakeFiles" EXCLUDE
    PATTERN "core" EXCLUDE)
  string(REPLACE ";" " " _itk_components "${IWF_ITK_COMPONENTS}")
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/${name}Config.cmake.in"
                                "${CMAKE_CURRENT_BINARY_DIR}/${name}Config.cmake" INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/${name}ConfigVersion.cmake"
                                   COMPATIBILITY SameMajorVersion)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}Config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/${name}ConfigVersion.cmake"
          DESTINATION ${package_dir})
endfunction()

if(BUILD_TESTING)
  enable_testing()
endif()
add_subdirectory(src)
if(BUILD_TESTING)
  add_subdirectory(test)
endif()
