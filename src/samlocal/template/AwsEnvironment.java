package samlocal.template;

import java.util.Map;

/**
 * The AWS account, region and stack that a template is treated as deployed to. Every ARN, account id and pseudo
 * parameter comes from here; the defaults are those of {@code sam local}.
 *
 * @param region such as {@code eu-central-1}
 * @param accountId twelve digits
 * @param stackName name of the stack
 */
public record AwsEnvironment(String region, String accountId, String stackName) {
    /** The pseudo parameter with the region; a value given for it sets the region. */
    public static final String REGION_PARAMETER = "AWS::Region";
    /** The environment if nothing is configured. */
    public static final AwsEnvironment DEFAULT = new AwsEnvironment("us-east-1", "123456789012", "local");

    /** The environment for parameter values, in which {@link #REGION_PARAMETER} is optional. */
    public static AwsEnvironment of(Map<String, String> parameters) {
        return new AwsEnvironment(parameters.getOrDefault(REGION_PARAMETER, DEFAULT.region()), DEFAULT.accountId(),
                DEFAULT.stackName());
    }

    /** The partition of the region (AWS General Reference, "Amazon Resource Names"): {@code aws}, {@code aws-cn}... */
    public String partition() {
        return isInChina(region) ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    /** The domain of AWS's services in a region, such as {@code amazonaws.com}. */
    public static String serviceDomain(String region) {
        return isInChina(region) ? "amazonaws.com.cn" : "amazonaws.com";
    }

    private static boolean isInChina(String region) {
        return region.startsWith("cn-");
    }

    /** The ARN of a resource of this region and account. */
    public String arn(String service, String resource) {
        return String.join(":", "arn", partition(), service, region, accountId, resource);
    }

    /** The ARN of a function by its name. */
    public String functionArn(String name) {
        return arn("lambda", "function:" + name);
    }

    /** The ARN of an IAM user of this account; IAM has no regions. */
    public String userArn(String name) {
        return String.join(":", "arn", partition(), "iam", "", accountId, "user/" + name);
    }

    /** The values of pseudo parameters that are strings (CloudFormation User Guide, "Pseudo parameters"). */
    Map<String, String> pseudoParameters() {
        return Map.of(
                "AWS::AccountId", accountId,
                "AWS::Partition", partition(),
                REGION_PARAMETER, region,
                "AWS::StackId", arn("cloudformation", "stack/" + stackName + "/51af3dc0-da77-11e4-872e-1234567db123"),
                "AWS::StackName", stackName,
                "AWS::URLSuffix", isInChina(region) ? serviceDomain(region) : "localhost");
    }
}
