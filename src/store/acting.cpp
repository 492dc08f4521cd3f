#include "store/acting.h"

#include <utility>

namespace tocsin::store {
namespace {

thread_local const Origin* speaking = nullptr;

}  // namespace

Acting::Acting(Origin origin) : origin_(std::move(origin)), before_(std::exchange(speaking, &origin_)) {}

Acting::~Acting() {
  speaking = before_;
}

const Origin& Acting::current() {
  static const Origin machine;
  return speaking == nullptr ? machine : *speaking;
}

}  // namespace tocsin::store
