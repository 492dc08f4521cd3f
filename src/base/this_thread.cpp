#include "base/this_thread.h"

#include <pthread.h>

#include <string>

namespace tocsin {

void name_this_thread(const char* name) {
  pthread_setname_np(pthread_self(), std::string(name).substr(0, 15).c_str());
}

}  // namespace tocsin
