#include <QtWidgets>

class Chart : public QWidget { Q_OBJECT
    void draw() { series->setUseOpenGL(true); }
    const char* picture = "/home/somebody/picture.png";
};
