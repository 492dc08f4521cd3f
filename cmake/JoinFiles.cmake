# cmake -DOUTPUT=file -DFILES=a;b [-DBASE=folder] -P JoinFiles.cmake: the files as one text, each after a line
# "### FILE name", where the name is the path below BASE, or without BASE the last part of the path.
file(WRITE ${OUTPUT} "")
foreach(file ${FILES})
  if(BASE)
    file(RELATIVE_PATH name ${BASE} ${file})
  else()
    get_filename_component(name ${file} NAME)
  endif()
  file(READ ${file} text)
  file(APPEND ${OUTPUT} "\n### FILE ${name}\n" "${text}")
endforeach()
