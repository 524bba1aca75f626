/**
 * Where the image to start from is looked up: exactly one of `ssmParameter`, `owner` with `namePattern`, and
 * `productCode`. Never a name alone: anybody can publish an image under any name. What is found is the newest that is
 * available, not deprecated and of the recipe's architecture, when the base instance is made; a newer one later changes
 * nothing until the next version.
 */
export interface BaseImageArgs {
  /**
   * SSM parameter that holds the image's id, in this region: one of the account's, or a public one such as
   * `/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64`. At most 15 levels.
   */
  ssmParameter?: string;
  /** Who owns the image: an account id, `self` or `amazon`. Needs `namePattern`. */
  owner?: string;
  /** Name of the owner's image; `*` stands for any text and `?` for one character. Needs `owner`. */
  namePattern?: string;
  /**
   * Product code of an AWS Marketplace image, as `aws ec2 describe-images` shows it in `ProductCodes`. The account must
   * be subscribed to the product. Such an image cannot be shared with, or promoted to, accounts that are not.
   */
  productCode?: string;
}
