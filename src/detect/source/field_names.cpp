#include "detect/source/field_names.h"

namespace tocsin::detect {

Paths paths_of(std::string_view field, const Shape& shape, const SourceNames& source) {
  Paths paths;
  const auto add_in_shape = [&](std::string_view name) {
    if (const auto listed = shape.fields.find(name); listed != shape.fields.end())
      paths.insert(paths.end(), listed->second.begin(), listed->second.end());
    for (const auto& root : shape.roots)
      paths.push_back(root.empty() ? std::string(name) : root + '.' + std::string(name));
  };
  const auto renamed = source.fields.find(field);
  if (renamed == source.fields.end()) {
    add_in_shape(field);
  } else {
    for (const auto& name : renamed->second) add_in_shape(name);
  }
  return paths;
}

}  // namespace tocsin::detect
