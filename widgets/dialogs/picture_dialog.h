// How a picture is to be: format, size and density, then where to.
#pragma once

#include "widgets/picture.h"

#include <QByteArray>
#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace widgets {

// What was chosen last, for the next picture and the next run.
struct PictureChoice {
    PictureFormat format = PictureFormat::Png;
    QByteArray size = "screen"; // one of the dialog's, or "own"
    QSize own{1600, 900};
    double density = 2;

    // Main thread only; one for all windows.
    [[nodiscard]] static PictureChoice& last();
    // "png screen 1600x900 2". What cannot be read is the default.
    [[nodiscard]] QByteArray toText() const;
    [[nodiscard]] static PictureChoice fromText(const QByteArray& text);
};

// Never blocks; deletes itself.
class PictureDialog final : public QDialog {
    Q_OBJECT
public:
    // `onScreen` is the size in which it looks as it does now; `fileName` has no suffix.
    PictureDialog(const QString& title, const QSize& onScreen, const QString& fileName, QWidget* parent);
    [[nodiscard]] PictureSpec spec() const;

Q_SIGNALS:
    void chosen(const widgets::PictureSpec& spec, const QString& path);

private:
    void fill();
    void take(const PictureChoice& choice);
    [[nodiscard]] PictureChoice choice() const;
    void sizeChosen();
    void judge();
    void askForFile();

    const QSize m_onScreen;
    const QString m_fileName;
    QComboBox* m_format;
    QComboBox* m_size;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QComboBox* m_density;
    QLabel* m_outcome;
    QPushButton* m_save;
};

} // namespace widgets
