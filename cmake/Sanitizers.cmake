# Sanitizers must be everywhere in a program, so this is the one thing set for every target.
set(STRESSKIT_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")

if(STRESSKIT_SANITIZE)
  add_compile_options(-fsanitize=${STRESSKIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O0 -g1)
  add_link_options(-fsanitize=${STRESSKIT_SANITIZE})
endif()
