#pragma once
// Where rules are on this machine, as far as the caller may know it: who runs the installation sees whole
// paths, tenants' people what is below the directory of rules.

#include <string>
#include <string_view>

#include "api/caller.h"
#include "detect/engine/rule_library.h"

namespace tocsin::api {

class PlaceShower {
 public:
  // The library outlives it.
  PlaceShower(const detect::RuleLibrary& library, const http::Request& request)
      : library_(is_provider(caller_of(request)) ? nullptr : &library) {}

  std::string operator()(std::string_view text) const {
    return library_ != nullptr ? library_->without_places(text) : std::string(text);
  }
  Error operator()(Error error) const {
    for (auto* part : {&error.message, &error.hint, &error.where}) *part = (*this)(*part);
    return error;
  }

 private:
  const detect::RuleLibrary* library_;  // null: nothing is hidden
};

}  // namespace tocsin::api
