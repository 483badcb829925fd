// Writes a file that a person chose, whole or not at all, without the window waiting for the disk.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>

namespace widgets {

// Main thread only. `make` gives the bytes, on a thread of the pool; none: it could not, and nothing is
// written. `done` is called on the main thread with the reason, or with an empty text when the file stands;
// not at all once `context` is gone.
void saveFile(const QString& path, std::function<QByteArray()> make, QObject* context,
              std::function<void(const QString&)> done);

} // namespace widgets
