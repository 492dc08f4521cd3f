# cmake -DOUTPUT=file -DFILES=a;b -P JoinFiles.cmake: the files as one text, each after a line "### FILE name".
file(WRITE ${OUTPUT} "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  file(APPEND ${OUTPUT} "\n### FILE ${name}\n" "${text}")
endforeach()
