/*
 * image-lend - programs of this host answer for an image: its configuration of sshd and its
 *accounts take the place of this host's, for this process and those that it starts.
 *
 *	image_lend(&image, why, size)     once, before anything is asked
 *
 * In a mount namespace of its own, so that nobody else sees it: DIR/etc/ssh over /etc/ssh, and
 *copies of DIR's passwd and group over this host's. Nothing of the image is executed: no library,
 *no preload file, no name service module comes from it. What sshd would include from outside
 * /etc/ssh, or by a link, would be read from this host: image_lend() refuses such a configuration.
 */
#ifndef CLI_IMAGE_LEND_H
#define CLI_IMAGE_LEND_H

#include "image.h"

/* A host key for sshd -T, which wants one and gets none of the image's that is not there: -o
 * HostKey=. */
#define IMAGE_LEND_KEY "/sys/key"

/* False: why has the reason, and programs still see this host: they must not be asked. */
bool image_lend(const struct image *image, char *why, size_t size);

#endif
