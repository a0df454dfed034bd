# Copies the chart library, with its licence, out of `from` into the served folder `to`.
foreach(file IN ITEMS dist/uPlot.iife.min.js LICENSE)
  if(NOT EXISTS ${from}/${file})
    message(FATAL_ERROR "The page's chart library is missing (${from}): run scripts/setup.sh")
  endif()
endforeach()
configure_file(${from}/dist/uPlot.iife.min.js ${to}/uPlot.iife.min.js COPYONLY)
configure_file(${from}/LICENSE ${to}/uPlot.LICENSE.txt COPYONLY)
